import { cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate } from '../../../../src/migration/migrate.ts'
import { plan } from '../../../../src/migration/plan.ts'
import type { MigrationRequest } from '../../../../src/migration/request.ts'
import { rollback } from '../../../../src/migration/rollback/rollback.ts'
import { type RunRecorder, silentRecorder } from '../../../../src/migration/run-recorder.ts'
import { verify } from '../../../../src/migration/verify.ts'
import { DEMO } from '../../../../src/rehearsal/demo/constants.ts'
import type { PlanDocument, RunDocument, VerifyDocument } from '../../../../src/report/documents.ts'
import type { RollbackDocument } from '../../../../src/report/rollback-document.ts'
import { openAuth0 } from '../../../../src/targets/auth0/auth0-target.ts'
import type { Outcome } from '../../../../src/targets/changes.ts'
import { silentProgress } from '../../../../src/targets/progress.ts'
import type { LoginResult, Target } from '../../../../src/targets/target.ts'
import type { TestSource } from './source.ts'
import type { FaultyTenant } from './tenant.ts'

/** A run that has ended, and what it told of each account as it went. */
export interface Run {
  readonly document: RunDocument
  readonly told: readonly Outcome[]
}

/** Whose runs go from one folder, as those of one administrator do. */
export interface Runs extends AsyncDisposable {
  plan(): Promise<PlanDocument>
  migrate(how?: Migrating): Promise<Run>
  /** The run of `migrate` dies once so many people have come: nothing of it is sent or written from then on. */
  migrateAndDie(after: number, how?: Dying): Promise<void>
  /** The run that goes on with it is stopped once so many have come, as by Ctrl-C. */
  resumeAndStop(after: number): Promise<void>
  verify(): Promise<VerifyDocument>
  rollback(runId: string): Promise<RollbackDocument>
  /** All that is in the files of the runs. */
  texts(): Promise<string>
  /** Whether a password lets somebody in, as `verify --canaries` tries it; else why not. */
  logIn(mxid: string, password: string): Promise<LoginResult>
}

interface Migrating {
  readonly resume?: true
}

interface Dying {
  /** What is at work at the tenant is as far as it was then. */
  readonly inNoTime?: true
}

export interface RunsOptions {
  /** The target's own, unless it is said. */
  readonly batchSize?: number
}

/** How long the tenant's time stands still at most for an account to be read from the source: milliseconds of this machine. */
const READING_MS = 300

const LOOK_EVERY_MS = 2

/** What is read from the source after a batch and before the plan of the next takes no time of the tenant's. */
const timeless = <Planned extends Target>(target: Planned, { clock }: FaultyTenant): Planned => {
  const held: (() => void)[] = []
  const hold = (): void => {
    const release = clock.hold()
    held.push(release)
    // Of the last batch there is no next one.
    setTimeout(release, READING_MS)
  }
  return {
    ...target,
    plan: (...given) => {
      held.shift()?.()
      return target.plan(...given)
    },
    apply: async (changes, run) => {
      try {
        return await target.apply(changes, run)
      } finally {
        hold()
      }
    },
  }
}

const untilThereAre = async (tenant: FaultyTenant, people: number, ended: () => boolean): Promise<void> => {
  const { users } = tenant.standIn.tenant
  while (!ended() && users.count() - tenant.strangers.size < people) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}

export const openRuns = async (
  source: TestSource,
  tenant: FaultyTenant,
  { batchSize }: RunsOptions = {},
): Promise<Runs> => {
  const folder = await mkdtemp(join(tmpdir(), 'syn2op-auth0-faults-'))
  const runs = join(folder, 'runs')
  await mkdir(runs)
  const { homeserver, mapping, database } = source

  const open = (signal: AbortSignal): Promise<Target> => {
    const { serverName, pepper } = homeserver
    const { config, clock } = tenant
    return openAuth0({ config, serverName, pepper, clock, conflicts: mapping.conflicts, signal })
  }

  const requestOf = (signal: AbortSignal, told: Outcome[]): MigrationRequest => {
    const recorder: RunRecorder = {
      ...silentRecorder,
      batchApplied: async (_, outcomes) => void told.push(...outcomes),
    }
    return {
      homeserver,
      source: database,
      mapping,
      readers: 2,
      accept: ['all-warnings', 'SYNAPSE_BACKGROUND_UPDATES', 'NO_BACKUP'],
      progress: silentProgress,
      recorder,
      runs,
      signal,
      openTarget: async (stop) => {
        const target = await open(stop)
        return timeless(batchSize === undefined ? target : { ...target, batchSize }, tenant)
      },
    }
  }

  const migrateBy = async (signal: AbortSignal, { resume }: Migrating = {}): Promise<Run> => {
    const told: Outcome[] = []
    const decided = resume === true ? { resume } : { asOf: DEMO.now }
    const document = await migrate({ ...requestOf(signal, told), ...decided, confirm: async () => true })
    if (document === undefined) throw new Error('nobody said no')
    return { document, told }
  }

  const endedAfter = async (
    after: number,
    how: Migrating,
    end: (stop: AbortController) => Promise<void>,
  ): Promise<void> => {
    const stop = new AbortController()
    let hasEnded = false
    const run = migrateBy(stop.signal, how)
      .then(
        () => 'it came to its end',
        (error: unknown) => String(error),
      )
      .finally(() => {
        hasEnded = true
      })
    await untilThereAre(tenant, after, () => hasEnded)
    if (hasEnded) throw new Error(`The run was not to end by itself: ${await run}`)
    await end(stop)
    await run
  }

  return {
    plan: () => plan({ ...requestOf(NEVER, []), asOf: DEMO.now }),
    migrate: (how) => migrateBy(NEVER, how),
    migrateAndDie: async (after, { inNoTime } = {}) => {
      const kept = join(folder, 'as it was')
      let release: (() => void) | undefined
      await endedAfter(after, {}, async (stop) => {
        if (inNoTime === true) release = tenant.clock.hold()
        tenant.isCutOff = true
        await cp(runs, kept, { recursive: true })
        stop.abort()
      })
      release?.()
      await rm(runs, { recursive: true })
      await cp(kept, runs, { recursive: true })
      tenant.isCutOff = false
    },
    resumeAndStop: (after) => endedAfter(after, { resume: true }, async (stop) => stop.abort()),
    verify: () => verify({ ...requestOf(NEVER, []), asOf: DEMO.now }),
    rollback: async (what) => {
      const document = await rollback({ ...requestOf(NEVER, []), what, used: 'keep', confirm: async () => true })
      if (document === undefined) throw new Error('nobody said no')
      return document
    },
    texts: async () => {
      const entries = await readdir(runs, { recursive: true, withFileTypes: true })
      const files = entries.filter((entry) => entry.isFile())
      return (await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'latin1')))).join()
    },
    logIn: async (mxid, password) => {
      const target = await open(NEVER)
      try {
        if (target.login === undefined) throw new Error('nobody can log in')
        return await target.login({ mxid, password }, { signal: NEVER })
      } finally {
        await target.close()
      }
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

const NEVER = new AbortController().signal
