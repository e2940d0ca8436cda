import { z } from 'zod'
import type { Notes } from '../../earlier-runs.ts'
import type { Clock } from '../../http/clock.ts'
import { readNote } from '../read-note.ts'
import { LONGEST_JOB_MS } from './follow-job.ts'

const writtenEnd = z.object({ at: z.number(), users: z.array(z.string()).readonly() })

const written = z.object({
  externalId: z.string(),
  at: z.number(),
  job: z.string().optional(),
  users: z.array(z.string()).readonly(),
})

/** An import that may be at work at Auth0, whoever sent it. */
export interface NotedImport {
  /** As the run named it to Auth0: it begins with the run. */
  readonly externalId: string
  /** When it was sent; milliseconds since 1970. */
  readonly at: number
  /** By which Auth0 is asked for it; absent: the answer was lost or has not come, and jobs cannot be listed. */
  readonly job?: string | undefined
  /** The ids of those whom it makes. */
  readonly users: readonly string[]
}

/** A run's last import of which nothing more comes. */
export interface EndedImport {
  /** When its end was seen, or the latest that it can have been; milliseconds since 1970. */
  readonly at: number
  /** The ids of some of those whom it was to make. */
  readonly users: readonly string[]
}

/** An import about which something has been written down. */
export interface Noted {
  readonly about: NotedImport
  /** Auth0 has taken it. */
  accepted(job: string): Promise<void>
  /** Nothing more comes of it. */
  ended(): Promise<void>
}

/**
 * What is written down of imports, before each is sent: Auth0 goes on with a job whoever follows it, so that a run which dies
 * leaves jobs that the next one, and a rollback, must know of.
 */
export interface ImportNotes {
  /** They are kept there from now on; before, in memory. */
  keepIn(notes: Notes): void
  sending(what: Pick<NotedImport, 'externalId' | 'users'>): Promise<Noted>
  /** Those that may be at work. Of the others nothing is kept. @throws Syn2opError run.unreadable */
  open(): Promise<readonly Noted[]>
  /** The last one of each run that has ended. */
  ended(): Promise<readonly EndedImport[]>
}

const KEY = 'import '
const ENDED = 'ended '

/** So many users of a run are asked for who are to show that it has moved people. */
const SAMPLE = 5

/** When whatever was sent then has ended for certain; milliseconds since 1970. */
export const endsBy = ({ at }: Pick<NotedImport, 'at'>): number => at + LONGEST_JOB_MS

/** `2026-11-23 05:10 UTC`, the minute after. */
export const minuteOf = (milliseconds: number): string =>
  `${new Date(Math.ceil(milliseconds / MINUTE_MS) * MINUTE_MS).toISOString().slice(0, 16).replace('T', ' ')} UTC`

const MINUTE_MS = 60_000

const runOf = ({ externalId }: Pick<NotedImport, 'externalId'>): string => externalId.slice(0, externalId.indexOf('.'))

export const isOfRun = ({ externalId }: Pick<NotedImport, 'externalId'>, runId: string): boolean =>
  externalId.startsWith(`${runId}.`)

export const keepImportNotes = (clock: Pick<Clock, 'now'>): ImportNotes => {
  let notes = notesInMemory()
  const notedAs = (key: string, sent: NotedImport): Noted => {
    let about = sent
    return {
      about: sent,
      async accepted(job) {
        about = { ...sent, job }
        await notes.set(key, JSON.stringify(about))
      },
      async ended() {
        const at = Math.min(clock.now(), endsBy(about))
        // One that Auth0 has not taken has made nobody; one whose answer was lost may have, until the latest end there is.
        if (about.job !== undefined || clock.now() > at) {
          const end: EndedImport = { at, users: about.users.slice(0, SAMPLE) }
          await notes.set(`${ENDED}${runOf(about)}`, JSON.stringify(end))
        }
        await notes.set(key, undefined)
      },
    }
  }
  return {
    keepIn(others) {
      notes = others
    },
    async sending(what) {
      const about = { ...what, at: clock.now() }
      const key = `${KEY}${what.externalId} ${crypto.randomUUID()}`
      await notes.set(key, JSON.stringify(about))
      return notedAs(key, about)
    },
    async open() {
      const open: Noted[] = []
      for (const entry of await notes.all()) {
        const [key] = entry
        if (!key.startsWith(KEY)) continue
        const about: NotedImport = readNote(notes, entry, written)
        const noted = notedAs(key, about)
        if (clock.now() > endsBy(about)) await noted.ended()
        else open.push(noted)
      }
      return open
    },
    async ended() {
      const of = [...(await notes.all())].filter(([key]) => key.startsWith(ENDED))
      return of.map((entry) => readNote(notes, entry, writtenEnd))
    },
  }
}

const notesInMemory = (): Notes => {
  const kept = new Map<string, string>()
  return {
    all: async () => new Map(kept),
    set: async (key, text) => {
      if (text === undefined) kept.delete(key)
      else kept.set(key, text)
    },
  }
}
