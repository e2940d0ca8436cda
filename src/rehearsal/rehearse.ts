import { Syn2opError } from '../errors/syn2op-error.ts'
import type { MigrationRequest } from '../migration/request.ts'
import type { PostgresSettings } from '../postgres/settings.ts'
import type { RehearsalDocument } from '../report/documents.ts'
import type { ProgressListener } from '../targets/progress.ts'
import type { Backends } from './backends.ts'
import { cleanCommand } from './clean-command.ts'
import { endAll } from './end-all.ts'
import { goThrough, type Rehearsal } from './go-through.ts'
import { keepEverything } from './keep-everything.ts'
import { takeLease } from './leases/take-lease.ts'
import { refuseWindows } from './refuse-windows.ts'
import type { RehearsedTarget } from './rehearsed-targets.ts'
import { firstThatWorks } from './services/first-that-works.ts'
import { refuseExcludedMas } from './services/mas/refuse-excluded-mas.ts'
import { postgresWays } from './services/postgres/postgres-ways.ts'
import { requireSynapse } from './services/synapse/require-synapse.ts'
import type { StartContext } from './services/way.ts'
import type { RehearsalSource } from './sources/rehearsal-source.ts'
import { stepClock } from './step-clock.ts'
import { sweepRehearsals } from './sweep-rehearsals.ts'
import { makeThrowAwayTarget } from './throw-away-ends.ts'

/** Where a rehearsal's people can be put. */
export interface PeopleStage {
  /** Makes an empty database as Synapse wants it. */
  readonly createDatabase: (name: string) => Promise<PostgresSettings>
  /** Goes with the rehearsal. */
  readonly folder: string
  readonly progress: ProgressListener
  readonly signal: AbortSignal
}

export interface RehearseOptions {
  readonly people: (stage: PeopleStage) => Promise<RehearsalSource>
  /** throw-away: databases do not wait for disks, and times mean little. usual: as the real ones would. */
  readonly durability: 'throw-away' | 'usual'
  readonly target: RehearsedTarget
  readonly targetConfig?: readonly string[]
  readonly mapping?: string
  readonly backends: Backends
  /** Words of a command line that name those servers again that were given by it; none holds a password. */
  readonly servers?: readonly string[]
  /** kept: everything is left running, and filled. */
  readonly afterwards: 'ended' | 'kept'
  readonly readers: number
  readonly accept: readonly string[]
  readonly lists?: Pick<MigrationRequest, 'predictions' | 'pseudonyms'>
  readonly look?: NonNullable<Rehearsal['look']>
  /** Told what could not be ended, a line each, and the command that ends it. Absent: `progress` notes it. */
  readonly noteLeft?: (message: string) => void
  readonly progress: ProgressListener
  readonly signal: AbortSignal
}

/**
 * The whole night on services that are thrown away: check, plan, migrate, verify, proofs, rollback. Whatever ends it, nothing is left:
 * if we are killed, the next rehearsal ends what is; what cannot be ended is told.
 * @throws Syn2opError usage where this machine or what was asked for cannot do; rehearsal.no-backend; what reading the people, making the target, check and plan raise; run.interrupted
 */
export const rehearse = async (options: RehearseOptions): Promise<RehearsalDocument> => {
  const { progress, signal, backends } = options
  const note = (message: string): void => progress.note(message)
  refuseWindows()
  if (options.target === 'mas') refuseExcludedMas(backends)
  // MAS has the tokens: a Synapse would be shown none.
  else await requireSynapse(backends, { note, signal })
  await sweepRehearsals({ backends, note, signal })
  const lease = await takeLease()
  const ends: (() => Promise<void>)[] = []
  const clean = cleanCommand(lease.id, options.servers)
  const ending = { lease, clean, note: options.noteLeft ?? note }
  try {
    const document = await onStage(options, { context: { lease, note, signal }, ends })
    if (document.kept === undefined) await endAll(ends, ending)
    return document
  } catch (error) {
    const left = await endAll(ends, ending)
    throw signal.aborted ? stopped(left, clean, error) : error
  }
}

const stopped = (left: Awaited<ReturnType<typeof endAll>>, clean: string, cause: unknown): Syn2opError =>
  left === 'nothing is left'
    ? new Syn2opError('run.interrupted', 'The rehearsal was stopped; everything of it is gone', { cause })
    : new Syn2opError('run.interrupted', 'The rehearsal was stopped; something of it is left, as told above', {
        next: [clean],
        cause,
      })

interface Staging {
  readonly context: StartContext
  /** What has been begun, in its order. */
  readonly ends: (() => Promise<void>)[]
}

const onStage = async (options: RehearseOptions, { context, ends }: Staging): Promise<RehearsalDocument> => {
  const { backends, progress, signal, durability } = options
  const { images, wanted, postgres: given, postgresLease } = backends
  const ways = postgresWays({
    images,
    durability,
    ...(given === undefined ? {} : { given }),
    ...(postgresLease === undefined ? {} : { givenLease: postgresLease }),
  })
  const clock = stepClock()
  const postgres = await clock.step('start services', () =>
    firstThatWorks('PostgreSQL', ways, { context, ...(wanted === undefined ? {} : { wanted }) }),
  )
  ends.push(() => postgres.stop())
  const { folder } = context.lease
  const createDatabase = (name: string): Promise<PostgresSettings> => postgres.createDatabase(name)
  const source = await clock.step('make the people', () => options.people({ createDatabase, folder, progress, signal }))
  const { targetConfig, mapping, readers } = options
  const target = await clock.step('make the target', () =>
    makeThrowAwayTarget({
      name: options.target,
      homeserver: source.homeserver,
      people: source.kind,
      backends,
      postgres,
      durability,
      readers,
      context,
      ...(targetConfig === undefined ? {} : { targetConfig }),
      ...(mapping === undefined ? {} : { mapping }),
    }),
  )
  ends.push(() => target.stop())
  const services = [...new Set([postgres.what, ...target.services])]
  const rehearsal = { ...options, lease: context.lease, context, postgres, source, target, services, clock }
  const document = await goThrough(rehearsal)
  if (options.afterwards === 'ended') return document
  return keepEverything(rehearsal, postgres, document)
}
