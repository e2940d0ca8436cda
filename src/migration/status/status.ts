import { decisions } from '../../accounts/decisions/decisions.ts'
import { Syn2opError } from '../../errors/syn2op-error.ts'
import { connect } from '../../postgres/connect.ts'
import { describeServer } from '../../postgres/describe-server.ts'
import { describeSettings } from '../../postgres/settings.ts'
import type { Stage } from '../../report/run-parts.ts'
import type { Unreached } from '../../report/runs-document.ts'
import type { ChangedSince, SourceStatus, StatusDocument, TargetStatus } from '../../report/status.ts'
import { statusSteps } from '../../report/status-steps.ts'
import { otherConnections } from '../../synapse/activity.ts'
import type { RoadHistory } from '../../targets/road-history.ts'
import type { Target } from '../../targets/target.ts'
import { syn2opVersion } from '../../version.ts'
import { accountPrints } from '../account-prints.ts'
import { withSource } from '../open-source.ts'
import type { MigrationRequest } from '../request.ts'
import { askDatabase, isUnreached, withTarget } from '../runs/ask-database.ts'
import { type AtWork, heldByOthers, lookAtWork, runLives, withHeld } from '../runs/at-work.ts'
import { listRunIds, readRun } from '../runs/read-run.ts'
import { runEntries } from '../runs/run-entries.ts'
import { knownRuns } from '../slow-road/known-runs.ts'
import { stagesOfRuns } from '../slow-road/stages.ts'

/** What is looked at only where somebody asks: it takes a while. */
export interface StatusAsked {
  /** Whose passwords the target has hashed anew. */
  readonly upgraded?: true
}

/** How many runs are shown. */
const SHOWN = 5

/**
 * Where a migration stands. Writes nothing, takes nothing back, and says what it could not ask.
 * @param runs the folder of all runs.
 * @param request both ends; undefined: the folders of the runs alone tell.
 * @throws Syn2opError run.unreadable; run.not-possible where passwords are asked for of a target that does not tell
 */
export const status = async (
  runs: string,
  request: MigrationRequest | undefined,
  asked: StatusAsked = {},
): Promise<StatusDocument> => {
  const stored = await Promise.all((await listRunIds(runs)).map((runId) => readRun(runs, runId)))
  const source = request === undefined ? 'not asked' : await askDatabase(() => sourceStatus(request))
  const found =
    request === undefined
      ? undefined
      : await askDatabase(() =>
          withTarget(request, (target) => lookAt(target, request, { ...asked, isSourceThere: !isUnreached(source) })),
        )
  const [known, unreached] = isUnreached(found) ? [undefined, found] : [found, undefined]
  const heldBy = heldByOthers(known?.atWork, stored)
  const entries = withHeld(runEntries(stored, known?.history, runLives(known?.atWork)), heldBy)
  const seen: Pick<StatusDocument, 'source' | 'target' | 'runs' | 'stages'> = {
    source,
    target:
      known === undefined
        ? (unreached ?? 'not asked')
        : { ...known.status, ...(heldBy === undefined ? {} : { heldBy }) },
    runs: entries.slice(0, SHOWN),
    ...(known?.stages === undefined || known.stages.length === 0 ? {} : { stages: known.stages }),
  }
  return {
    kind: 'status',
    format: 1,
    syn2op: syn2opVersion(),
    folder: runs,
    ...seen,
    ...(known?.changedSince === undefined ? {} : { changedSince: known.changedSince }),
    // A run that is to be gone on with may be older than those that are shown.
    next: statusSteps({ ...seen, runs: entries }),
  }
}

const sourceStatus = async ({ source, staged, signal }: MigrationRequest): Promise<SourceStatus> => {
  const client = await connect(source, { applicationName: 'syn2op status', signal })
  try {
    const { version, inRecovery } = await describeServer(client)
    return {
      location: describeSettings(source),
      postgres: version,
      replica: inRecovery,
      connections: [...(await otherConnections(client)), ...(staged?.signs ?? [])],
    }
  } finally {
    await client.end()
  }
}

interface Found {
  readonly status: TargetStatus
  readonly history?: RoadHistory
  readonly atWork?: AtWork | undefined
  readonly stages?: readonly Stage[]
  readonly changedSince?: ChangedSince
}

interface Look extends StatusAsked {
  readonly isSourceThere: boolean
}

const lookAt = async (target: Target, request: MigrationRequest, look: Look): Promise<Found> => {
  const { product, location } = await target.describe()
  // Asked before the journal is read: a run that ends in between is on record by then.
  const atWork = await lookAtWork(target.sql, location)
  const history = await target.sql?.history()
  if (history === undefined) {
    const known = await knownRuns(request, {
      target,
      head: { serverName: request.homeserver.serverName, target: { location } },
    })
    return {
      status: { product, location, state: 'unknown', final: false, ...(await passwords(target, request, look)) },
      stages: stagesOfRuns(known),
    }
  }
  const { state, final, unfinished, unproved } = history
  const [last] = history.runs
  const changedSince =
    state === 'online' && last !== undefined && look.isSourceThere ? await changed(target, request) : undefined
  return {
    history,
    atWork,
    ...(history.cohorts === undefined ? {} : { stages: history.cohorts }),
    status: {
      product,
      location,
      state,
      ...(last === undefined ? {} : { since: new Date(last.asOf).toISOString() }),
      final,
      ...(await passwords(target, request, look)),
      // What did not end is told as such.
      ...(unproved === undefined || unproved.runId === unfinished?.runId ? {} : { unproved: unproved.runId }),
      ...(unfinished === undefined ? {} : { unfinished: { runId: unfinished.runId, left: unfinished.left } }),
    },
    ...(changedSince === undefined || isUnreached(changedSince) ? {} : { changedSince }),
  }
}

const passwords = async (
  target: Target,
  { progress, signal }: MigrationRequest,
  { upgraded }: StatusAsked,
): Promise<Pick<TargetStatus, 'passwords'>> => {
  if (upgraded === undefined) return {}
  if (target.upgraded !== undefined) return { passwords: await target.upgraded({ progress, signal }) }
  throw new Syn2opError(
    'run.not-possible',
    `The target ${target.name} does not tell whose password it has hashed anew`,
    {
      next: ['Ask without --upgraded: syn2op status'],
    },
  )
}

/** Compares the prints of the whole source with those on record: what an online run would look at again. */
const changed = (target: Target, request: MigrationRequest): Promise<ChangedSince | undefined | Unreached> =>
  askDatabase(() =>
    withSource(request, target, async ({ readers, relations, rules }) => {
      const prints = accountPrints({ relations, decisions: decisions(relations, rules), rules, readers })
      return target.sql?.countChanged(prints, { signal: request.signal })
    }),
  )
