import type { RawBuilder } from 'kysely'
import type { Client } from 'pg'
import { decisions } from '../accounts/decisions/decisions.ts'
import type { DecisionRules } from '../accounts/decisions/rules.ts'
import { providerRules, requireKnownProviders } from '../mapping/provider-rules.ts'
import { cancelRunning } from '../postgres/cancel.ts'
import { describeServer } from '../postgres/describe-server.ts'
import { run } from '../postgres/statement.ts'
import { acceptFindings } from '../report/accept.ts'
import type { CheckDocument, RelationCount } from '../report/documents.ts'
import type { Finding } from '../report/finding.ts'
import { nextTransaction, otherConnections } from '../synapse/activity.ts'
import { auditSource } from '../synapse/audit/audit.ts'
import { providersInUseQuery } from '../synapse/audit/providers-in-use.ts'
import { catalogueQuery, toSourceCatalogue } from '../synapse/catalogue.ts'
import { checkSource } from '../synapse/check-source.ts'
import { describeSource } from '../synapse/describe-source.ts'
import { buildRelations, type Relations } from '../synapse/relations.ts'
import { explainReplicaConflict, type PrimaryActivity } from '../synapse/replica.ts'
import { openSnapshot, type Snapshot } from '../synapse/snapshot.ts'
import { readSourceState } from '../synapse/state.ts'
import type { RoadHistory } from '../targets/sql-road.ts'
import type { Target } from '../targets/target.ts'
import { syn2opVersion } from '../version.ts'
import { type Asked, type ChosenRoad, chooseRoad, roadSeen } from './choose-road.ts'
import type { MigrationRequest } from './request.ts'
import { requirePatterns } from './require-patterns.ts'
import { sourceIsComplete } from './source-is-complete.ts'

/** Source and target opened and looked at, the decision made and counted. */
export interface Prepared {
  readonly target: Target
  readonly readers: readonly Client[]
  /** One more within the same snapshot, which names accounts while the others read their rows. */
  readonly scout: Client
  readonly decisions: RawBuilder<unknown>
  /** Of which the decisions are made: for making them again, for some accounts only. */
  readonly source: { readonly relations: Relations; readonly rules: DecisionRules }
  readonly asOf: number
  /** What is known of earlier runs, and which road that leads to; absent where the target has no road by SQL. */
  readonly history?: RoadHistory
  readonly road?: ChosenRoad
  /** The document's head, with all findings, those acknowledged marked. */
  readonly head: Omit<CheckDocument, 'kind'>
  /** Empty where the source cannot be read, and where it is not counted: when a copy is brought up to date. */
  readonly relations: readonly RelationCount[]
}

/**
 * look: everything is checked and counted; without an as-of time, now is the start. verify: the last finished
 * run's as-of time counts, the decision is made again, and the target's state, full of people by now, is not judged.
 * What is asked of a migration: checked for the road that it takes; a resumed run keeps its as-of time.
 */
export type Purpose = 'look' | 'verify' | Asked

/** Opens both ends, prepares, gives the result to `work`, and closes both ends whatever happens. */
export const withPrepared = async <Result>(
  request: MigrationRequest,
  purpose: Purpose,
  work: (prepared: Prepared) => Promise<Result>,
): Promise<Result> => {
  const { progress, signal } = request
  progress.phase('prepare')
  const target = await request.openTarget(signal)
  try {
    requireKnownProviders(target.providers, request.mapping)
    const takenBack = await target.takeOver?.()
    if (takenBack !== undefined) progress.note(takenBack)
    const history = await target.sql?.history()
    const road = history === undefined ? undefined : roadOf(history, purpose)
    const kept = purpose === 'verify' ? history?.runs[0]?.asOf : road?.resumes?.asOf
    const asOf = request.asOf ?? kept ?? Date.now()
    const primary = road?.kind === 'final' ? await sourceIsComplete(request) : { connections: [] }
    const snapshot = await openSnapshot(request.source, {
      count: request.readers + 1,
      applicationName: 'syn2op source',
      signal,
    })
    // A statement over all of a large homeserver runs for minutes; who stops us does not wait for its end.
    const cancel = (): void => void Promise.all(snapshot.readers.map(cancelRunning))
    signal.addEventListener('abort', cancel, { once: true })
    try {
      signal.throwIfAborted()
      const seen = { ...(history === undefined ? {} : { history }), ...(road === undefined ? {} : { road }) }
      return await work({ ...(await prepare(request, { purpose, target, snapshot, asOf, road, primary })), ...seen })
    } catch (error) {
      throw explainReplicaConflict(error)
    } finally {
      signal.removeEventListener('abort', cancel)
      await snapshot.close()
    }
  } finally {
    await target.close()
  }
}

const roadOf = (history: RoadHistory, purpose: Purpose): ChosenRoad =>
  typeof purpose === 'string' ? roadSeen(history) : chooseRoad(history, purpose)

interface PrepareInput {
  readonly purpose: Purpose
  readonly road: ChosenRoad | undefined
  readonly primary: PrimaryActivity
  readonly target: Target
  readonly snapshot: Snapshot
  readonly asOf: number
}

const prepare = async (
  { homeserver, source, mapping, accept }: MigrationRequest,
  { purpose, target, snapshot, asOf, road, primary }: PrepareInput,
): Promise<Prepared> => {
  const readers = snapshot.readers.slice(1)
  const [scout] = snapshot.readers
  const [reader] = readers
  if (scout === undefined || reader === undefined) throw new TypeError('a snapshot needs a reader and a scout')
  const before = await nextTransaction(reader)
  const server = await describeServer(reader)
  const catalogue = toSourceCatalogue(await run(reader, catalogueQuery))
  const state = await readSourceState(reader, catalogue)
  const connections = [...(await otherConnections(reader)), ...primary.connections]
  await requirePatterns(reader, mapping)
  const relations = buildRelations(catalogue)
  const rules: DecisionRules = {
    serverName: homeserver.serverName,
    asOf,
    accounts: mapping.accounts,
    ghosts: mapping.ghosts,
    providers: providerRules(target.providers, mapping),
  }
  const named = decisions(relations, rules)
  const structural = checkSource({ server, catalogue, state, activity: { connections: [], transactions: 0 } })
  const readable = structural.every(({ severity }) => severity !== 'error')
  // Counting everything takes longer than bringing a copy up to date, and was done when the copy was begun.
  const isCounted = readable && purpose !== 'verify' && (purpose === 'look' || road?.road !== 'copy')
  const audit = isCounted ? await auditSource({ relations, rules, decisions: named, readers }) : undefined
  const providersInUse = isCounted ? await run(reader, providersInUseQuery(named, mapping.providers)) : []
  const transactions = Number((await nextTransaction(reader)) - before)
  const activity = road?.kind === 'online' ? { connections: [], transactions: 0 } : { connections, transactions }
  const findings: readonly Finding[] = [
    ...checkSource({ server, catalogue, state, activity }),
    ...(audit?.findings ?? []),
    ...(purpose === 'verify'
      ? []
      : await target.check({
          homeserver,
          providersInUse,
          ...(audit === undefined ? {} : { passwords: carriedPasswords(audit.relations) }),
          source: reader,
          road: road?.road ?? 'load',
        })),
  ]
  return {
    target,
    readers,
    scout,
    decisions: named,
    source: { relations, rules },
    asOf,
    relations: audit?.relations ?? [],
    head: {
      format: 1,
      syn2op: syn2opVersion(),
      serverName: homeserver.serverName,
      source: describeSource(source, server, catalogue, state),
      target: await target.describe(),
      asOf: new Date(asOf).toISOString(),
      findings: acceptFindings(findings, [...accept, ...mapping.accept]),
    },
  }
}

const carriedPasswords = (relations: readonly RelationCount[]): number =>
  relations.find(({ relation }) => relation === 'password')?.carried ?? 0
