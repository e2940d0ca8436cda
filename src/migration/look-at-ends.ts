import { decisions } from '../accounts/decisions/decisions.ts'
import type { DecisionRules } from '../accounts/decisions/rules.ts'
import { providerRules } from '../mapping/provider-rules.ts'
import { describeServer } from '../postgres/describe-server.ts'
import { run } from '../postgres/statement.ts'
import { acceptFindings } from '../report/accept.ts'
import type { RelationCount } from '../report/documents.ts'
import type { Finding } from '../report/finding.ts'
import { nextTransaction, otherConnections } from '../synapse/activity.ts'
import { providersInUseQuery } from '../synapse/audit/providers-in-use.ts'
import { catalogueQuery, toSourceCatalogue } from '../synapse/catalogue.ts'
import { checkSource } from '../synapse/check-source.ts'
import { describeSource } from '../synapse/describe-source.ts'
import { buildRelations } from '../synapse/relations.ts'
import type { PrimaryActivity } from '../synapse/replica.ts'
import type { Snapshot } from '../synapse/snapshot.ts'
import { readSourceState } from '../synapse/state.ts'
import type { RoadHistory } from '../targets/road-history.ts'
import type { Target } from '../targets/target.ts'
import { syn2opVersion } from '../version.ts'
import type { ChosenRoad } from './choose-road.ts'
import { countSource } from './count-source.ts'
import type { Prepared, Purpose } from './prepare.ts'
import { prepareCohorts } from './prepare-cohorts.ts'
import type { MigrationRequest } from './request.ts'
import { requirePatterns } from './require-patterns.ts'

/** An open snapshot of the source, and the target that it goes to. */
interface LookAtEnds {
  readonly purpose: Purpose
  readonly history: RoadHistory | undefined
  readonly road: ChosenRoad | undefined
  readonly primary: PrimaryActivity
  readonly target: Target
  readonly snapshot: Snapshot
  readonly asOf: number
}

/** Looks at both ends, makes the decision, and counts it where that is wanted. */
export const lookAtEnds = async (
  request: MigrationRequest,
  { purpose, target, snapshot, asOf, history, road, primary }: LookAtEnds,
): Promise<Prepared> => {
  const { homeserver, source, mapping, accept, signal } = request
  const readers = snapshot.readers.slice(1)
  const [scout] = snapshot.readers
  const [reader, ...others] = readers
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
  // Counting takes longer than bringing a copy up to date, and was done before those who are in it were copied.
  const isCounted =
    readable && purpose !== 'verify' && (purpose === 'look' || road?.road !== 'copy' || beginsStages(road, history))
  const described = await target.describe()
  const { location } = described
  const ofCohorts =
    purpose === 'verify' ? {} : await prepareCohorts(request, { purpose, target, location, history, road, relations })
  const counted = isCounted
    ? await countSource({
        mapping,
        relations,
        rules,
        decisions: named,
        readers: [reader, ...others],
        signal,
        ...ofCohorts,
      })
    : undefined
  const providersInUse = isCounted ? await run(reader, providersInUseQuery(named, mapping.providers)) : []
  const transactions = Number((await nextTransaction(reader)) - before)
  const activity = road?.kind === 'online' ? { connections: [], transactions: 0 } : { connections, transactions }
  const findings: readonly Finding[] = [
    ...checkSource({ server, catalogue, state, activity }),
    ...(counted?.findings ?? []),
    ...(purpose === 'verify'
      ? []
      : await target.check({
          homeserver,
          providersInUse,
          ...(counted === undefined ? {} : { passwords: carriedPasswords(counted.relations) }),
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
    ...ofCohorts,
    ...(counted?.cohorts === undefined ? {} : { cohorts: counted.cohorts }),
    relations: counted?.relations ?? [],
    head: {
      format: 1,
      syn2op: syn2opVersion(),
      serverName: homeserver.serverName,
      source: describeSource(source, server, catalogue, state),
      target: described,
      asOf: new Date(asOf).toISOString(),
      findings: acceptFindings(findings, [...accept, ...mapping.accept]),
    },
  }
}

/** Whether it looks at a cohort that no run has begun: nobody has seen, and acknowledged, what becomes of its accounts. */
const beginsStages = ({ kind, part }: ChosenRoad, { cohorts = [] }: Pick<RoadHistory, 'cohorts'> = {}): boolean =>
  cohorts.some(({ name, begun }) => !begun && (part?.cohort === undefined ? kind !== 'final' : name === part.cohort))

const carriedPasswords = (relations: readonly RelationCount[]): number =>
  relations.find(({ relation }) => relation === 'password')?.carried ?? 0
