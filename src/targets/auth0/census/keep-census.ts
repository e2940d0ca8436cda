import { Syn2opError } from '../../../errors/syn2op-error.ts'
import { stoppedBy } from '../../http/stopped-by.ts'
import type { PresentUser } from '../api/user.ts'
import { type Census, type CensusFile, openCensusFile } from './census-file.ts'

/** The census of one process: taken when it is asked for, and told of what the process writes. */
export interface KeptCensus {
  /** As it was taken first, with what we have written since. */
  known(signal: AbortSignal): Promise<Census>
  /** Taken anew where we may have written since the last one. */
  fresh(signal: AbortSignal): Promise<Census>
  /** Taken anew, unless that was done just now or takes long: somebody is not as the last one says. */
  renewed(signal: AbortSignal): Promise<Census>
  /** We have made or changed the user: it is now as it says. */
  wrote(user: PresentUser): void
  /** We have removed it. */
  removed(id: string): void
  /** It was read; undefined: there is none of this id. */
  saw(id: string, user: PresentUser | undefined): void
  /** Something is about to be written, and nobody knows yet how that ends. */
  writes(): void
  /** Others have written: it is taken anew when it is next asked for. */
  outdated(): void
  close(): Promise<void>
}

export interface CensusSource {
  /** Everybody in the connection, as Auth0 exports them now. */
  readonly users: (signal: AbortSignal) => AsyncIterable<PresentUser>
  /** Milliseconds. */
  readonly now: () => number
  /** Where it is kept, if there is such a folder; else where the system keeps temporary files. */
  readonly folder?: string
}

/** So often it is renewed whatever that costs; from then on it takes at most this part of the time. */
const RENEWALS = 3
const PART = 0.1

export const keepCensus = ({ users, now, folder }: CensusSource): KeptCensus => {
  const closing = new AbortController()
  /** One for the whole life: who is told of anew is so in the place of how they were. */
  let file: CensusFile | undefined
  let isTaken = false
  let taking: Promise<void> | undefined
  let isStale = false
  let [takenAt, took, renewals] = [0, 0, 0]

  const last = (): Census => {
    if (file === undefined) throw new Syn2opError('internal', 'The census of a target is asked for after its end')
    return file
  }
  const census: Census = {
    byId: (id) => last().byId(id),
    holder: (of, value) => last().holder(of, value),
    put: (user) => last().put(user),
    remove: (id) => last().remove(id),
  }

  const take = async (): Promise<void> => {
    isStale = false
    const begun = now()
    file ??= openCensusFile(folder)
    try {
      file.begin()
      for await (const user of users(closing.signal)) file.tell(user)
      closing.signal.throwIfAborted()
      file.complete()
    } catch (error) {
      isStale = true
      throw error
    }
    isTaken = true
    takenAt = now()
    took = takenAt - begun
  }
  const taken = (): Promise<void> => {
    taking ??= take().finally(() => {
      taking = undefined
    })
    return taking
  }
  return {
    async known(signal) {
      if (!isTaken) await before(signal, taken())
      return census
    },
    async fresh(signal) {
      if (!isTaken || isStale) await before(signal, taken())
      return census
    },
    async renewed(signal) {
      const isWorthIt = renewals < RENEWALS || (now() - takenAt) * PART > took
      if (!isTaken || (isStale && isWorthIt)) {
        renewals++
        await before(signal, taken())
      }
      return census
    },
    wrote(user) {
      isStale = true
      file?.put(user)
    },
    removed(id) {
      isStale = true
      file?.remove(id)
    },
    saw: (id, user) => (user === undefined ? file?.remove(id) : file?.put(user)),
    writes() {
      isStale = true
    },
    outdated() {
      isTaken = false
    },
    async close() {
      closing.abort()
      await taking?.catch(() => undefined)
      file?.close()
      file = undefined
      isTaken = false
    },
  }
}

/** Ends when the signal is aborted; the work goes on for whoever else waits for it. */
const before = async <Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> => {
  if (signal.aborted) {
    work.catch(() => undefined)
    throw stoppedBy(signal)
  }
  const { promise, reject } = Promise.withResolvers<never>()
  const stop = (): void => reject(stoppedBy(signal))
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await Promise.race([work, promise])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
