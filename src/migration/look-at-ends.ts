import { decisions } from '../accounts/decisions/decisions.ts'
import { acceptFindings } from '../findings/accept.ts'
import { atTarget } from '../findings/at-target.ts'
import type { Finding } from '../findings/finding.ts'
import { mattersTo } from '../findings/matters-to.ts'
import { describeServer } from '../postgres/describe-server.ts'
import { readServerHealth } from '../postgres/server-health.ts'
import { run } from '../postgres/statement.ts'
import type { RelationCount } from '../report/documents.ts'
import { nextTransaction, otherConnections } from '../synapse/activity.ts'
import { catalogueQuery, toSourceCatalogue } from '../synapse/catalogue.ts'
import { checkHomeserver } from '../synapse/check-homeserver.ts'
import { checkSourceServer } from '../synapse/check-server.ts'
import { checkSource } from '../synapse/check-source.ts'
import { describeSource } from '../synapse/describe-source.ts'
import { buildRelations } from '../synapse/relations.ts'
import type { PrimaryActivity } from '../synapse/replica.ts'
import type { Snapshot } from '../synapse/snapshot.ts'
import { readSourceState } from '../synapse/state.ts'
import type { RoadHistory } from '../targets/road-history.ts'
import type { Target } from '../targets/target.ts'
import { syn2opVersion } from '../version.ts'
import { backupFindings } from './backup/backup-findings.ts'
import type { ChosenRoad } from './choose-road.ts'
import { countSource } from './count-source.ts'
import { decisionRules } from './decision-rules.ts'
import { namedRules, settleNaming } from './naming.ts'
import { ownProviders } from './own-providers.ts'
import { peopleWhoMigrate } from './people-who-migrate.ts'
import type { BindingPlan } from './planned/plan-file.ts'
import type { Prepared, Purpose } from './prepare.ts'
import { prepareCohorts } from './prepare-cohorts.ts'
import type { MigrationRequest } from './request.ts'
import { requirePatterns } from './require-patterns.ts'
import { recordedNames } from './slow-road/recorded-names.ts'
import { twinFindings } from './twins/twin-findings.ts'

/** An open snapshot of the source, and the target that it goes to. */
interface LookAtEnds {
  readonly purpose: Purpose
  readonly history: RoadHistory | undefined
  readonly road: ChosenRoad | undefined
  readonly primary: PrimaryActivity
  readonly target: Target
  readonly snapshot: Snapshot
  readonly asOf: number
  /** The plan that the run is bound to, whose counts are held against those of now. */
  readonly plan: BindingPlan | undefined
}

/** Looks at both ends, makes the decision, and counts it where that is wanted. */
export const lookAtEnds = async (
  request: MigrationRequest,
  { purpose, target, snapshot, asOf, history, road, primary, plan }: LookAtEnds,
): Promise<Prepared> => {
  const { homeserver, source, staged, mapping, accept, signal } = request
  const readers = snapshot.readers.slice(1)
  const [scout] = snapshot.readers
  const [reader, ...others] = readers
  if (scout === undefined || reader === undefined) throw new TypeError('a snapshot needs a reader and a scout')
  const before = await nextTransaction(reader)
  const server = await describeServer(reader)
  const catalogue = toSourceCatalogue(await run(reader, catalogueQuery))
  const state = await readSourceState(reader, catalogue)
  const connections = [...(await otherConnections(reader)), ...primary.connections]
  const relations = buildRelations(catalogue)
  const { providers, shut, leaves, identities } = target
  const itself = await ownProviders(target, homeserver, { signal })
  const unnamed = decisionRules({ homeserver, mapping, providers, shut, leaves, identities, itself, asOf })
  await requirePatterns(reader, mapping, unnamed.ghosts)
  const structural = checkSource({ server, catalogue, state, activity: { connections: [], transactions: 0 } })
  const readable = structural.every(({ severity }) => severity !== 'error')
  const naming = readable
    ? await settleNaming(target, mapping, {
        relations,
        rules: unnamed,
        reader,
        signal,
        recorded: await recordedNames(request, target),
      })
    : undefined
  const rules = namedRules(unnamed, naming)
  const named = decisions(relations, rules)
  // Counting takes longer than bringing a copy up to date, and was done before those who are in it were copied.
  const isCounted =
    readable &&
    purpose !== 'verify' &&
    (purpose === 'look' || plan !== undefined || road?.road !== 'copy' || beginsStages(road, history))
  const described = await target.describe()
  const { location } = described
  const ofCohorts =
    purpose === 'verify' ? {} : await prepareCohorts(request, { purpose, target, location, history, road, relations })
  const counted = isCounted
    ? await countSource({
        target,
        homeserver,
        mapping,
        catalogue,
        unreadable: state.unreadable,
        filtered: state.filtered,
        relations,
        rules,
        decisions: named,
        readers: [reader, ...others],
        signal,
        ...ofCohorts,
      })
    : undefined
  const transactions = Number((await nextTransaction(reader)) - before)
  const activity =
    road?.kind === 'online' || goesOnRunning(target)
      ? { connections: [], transactions: 0 }
      : { connections, signs: staged?.signs ?? [], transactions }
  const findings: readonly Finding[] = [
    ...checkSource({ server, catalogue, state, activity }).filter(mattersTo(target.name)),
    ...(staged?.findings ?? []).filter(({ code }) => code !== 'SQLITE_UNWATCHED' || !goesOnRunning(target)),
    ...(counted?.findings ?? []),
    ...(isCounted ? await twinFindings({ relations, rules, reader, target, signal }) : []).filter(
      mattersTo(target.name),
    ),
    ...checkSourceServer({
      health: await readServerHealth(reader),
      database: server.database,
      run: road?.kind === 'online' ? 'catches up' : road?.kind === 'final' ? 'complete' : 'last',
    }),
    ...(await backupFindings(request, { purpose, road })),
    ...(purpose === 'verify' ? [] : checkHomeserver(homeserver).filter(mattersTo(target.name))),
    ...(purpose === 'verify'
      ? []
      : await target.check({
          homeserver,
          providersInUse: counted?.providersInUse ?? [],
          ...(counted === undefined
            ? {}
            : { passwords: carriedPasswords(counted.relations), relations: counted.relations }),
          source: reader,
          ...(counted === undefined || naming === undefined
            ? {}
            : { people: () => peopleWhoMigrate({ relations, decisions: named, naming, reader }) }),
          road: road?.road ?? 'load',
        })),
  ]
  return {
    target,
    readers,
    scout,
    decisions: named,
    source: { relations, rules, ...(naming === undefined ? {} : { naming }) },
    asOf,
    ...ofCohorts,
    ...(counted?.cohorts === undefined ? {} : { cohorts: counted.cohorts }),
    ...(counted === undefined ? {} : { providers: counted.providers }),
    relations: counted?.relations ?? [],
    head: {
      format: 1,
      syn2op: syn2opVersion(),
      serverName: homeserver.serverName,
      source: describeSource(source, server, catalogue, state),
      target: described,
      asOf: new Date(asOf).toISOString(),
      findings: acceptFindings(findings.map(atTarget(target.name)), {
        flags: accept,
        rules: mapping.accept,
        asOf,
        now: Date.now(),
      }),
    },
  }
}

/** Whether it looks at a cohort that no run has begun: nobody has seen, and acknowledged, what becomes of its accounts. */
const beginsStages = ({ kind, part }: ChosenRoad, { cohorts = [] }: Pick<RoadHistory, 'cohorts'> = {}): boolean =>
  cohorts.some(({ name, begun }) => !begun && (part?.cohort === undefined ? kind !== 'final' : name === part.cohort))

/** Where people stay logged in at Synapse, it is meant to run beside the target; what changes meanwhile is for the next run. */
const goesOnRunning = ({ leaves }: Pick<Target, 'leaves'>): boolean => leaves?.session === 'stays_in_synapse'

const carriedPasswords = (relations: readonly RelationCount[]): number =>
  relations.find(({ relation }) => relation === 'password')?.carried ?? 0
