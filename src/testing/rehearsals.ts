import type { Backends } from '../rehearsal/backends.ts'
import type { RehearsalBackends, RehearsalOptions } from './options.ts'
import { readable } from './readable.ts'
import type { RehearsalResult } from './rehearsal-result.ts'
import { DURABILITY, rehearseOn } from './rehearse.ts'

export interface RehearsalsOptions extends Pick<RehearsalOptions, 'note' | 'signal'> {
  readonly backends?: RehearsalBackends
}

/** Services that several rehearsals share. Each has databases of its own, so that several may go on at once. */
export interface Rehearsals {
  /** As `rehearse`, on the services that run. */
  rehearse(options: RehearsalOptions): Promise<RehearsalResult>
  /** Ends the services. May be called more than once; `await using` calls it too. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Starts PostgreSQL once, for a whole suite: to start it takes longer than most rehearsals. Where this process dies without having
 * closed it, a guard ends it.
 * @throws Syn2opError usage, config.invalid, rehearsal.no-backend, run.interrupted
 */
export const openRehearsals = async (options: RehearsalsOptions = {}): Promise<Rehearsals> => {
  const { note, signal = new AbortController().signal } = options
  const watched = { signal, ...(note === undefined ? {} : { note }) }
  const stage = await openStage(options.backends ?? {}, { note: () => {}, ...watched }).catch((error: unknown) => {
    throw readable(error)
  })
  const closed: { by?: Promise<void> } = {}
  const close = (): Promise<void> => (closed.by ??= stage.end())
  return {
    rehearse: (rehearsal) =>
      rehearseOn(stage.backends, { ...watched, ...rehearsal }).catch((error: unknown) => {
        throw readable(error)
      }),
    close,
    [Symbol.asyncDispose]: close,
  }
}

interface Stage {
  readonly backends: Backends
  readonly end: () => Promise<void>
}

type Watched = Required<Pick<RehearsalsOptions, 'note' | 'signal'>>

const openStage = async (given: RehearsalBackends, watched: Watched): Promise<Stage> => {
  const { backendsOf } = await import('./backends-of.ts')
  const backends = await backendsOf(given)
  return backends.postgres === undefined ? startPostgres(backends, watched) : { backends, end: async () => {} }
}

const startPostgres = async (backends: Backends, { note, signal }: Watched): Promise<Stage> => {
  const { sweepRehearsals } = await import('../rehearsal/sweep-rehearsals.ts')
  const { takeLease } = await import('../rehearsal/leases/take-lease.ts')
  const { firstThatWorks } = await import('../rehearsal/services/first-that-works.ts')
  const { postgresWays } = await import('../rehearsal/services/postgres/postgres-ways.ts')
  await sweepRehearsals({ backends, note, signal })
  const lease = await takeLease()
  try {
    const { images, wanted } = backends
    const postgres = await firstThatWorks('PostgreSQL', postgresWays({ images, durability: DURABILITY }), {
      context: { lease, note, signal },
      ...(wanted === undefined ? {} : { wanted }),
    })
    return {
      backends: { ...backends, postgres: postgres.settings('postgres'), postgresLease: lease.id },
      end: async () => {
        await postgres.stop()
        await lease.end()
      },
    }
  } catch (error) {
    await lease.end()
    throw error
  }
}
