import { z } from 'zod'
import type { Notes } from '../../earlier-runs.ts'
import type { Clock } from '../../http/clock.ts'
import { LONGEST_JOB_MS } from './follow-job.ts'

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
  /** Those that may be at work. Of the others nothing is kept. */
  open(): Promise<readonly Noted[]>
}

const KEY = 'import '

/** When whatever was sent then has ended for certain; milliseconds since 1970. */
export const endsBy = ({ at }: Pick<NotedImport, 'at'>): number => at + LONGEST_JOB_MS

/** `2026-11-23 05:10 UTC`, the minute after. */
export const minuteOf = (milliseconds: number): string =>
  `${new Date(Math.ceil(milliseconds / MINUTE_MS) * MINUTE_MS).toISOString().slice(0, 16).replace('T', ' ')} UTC`

const MINUTE_MS = 60_000

export const isOfRun = ({ externalId }: Pick<NotedImport, 'externalId'>, runId: string): boolean =>
  externalId.startsWith(`${runId}.`)

export const keepImportNotes = (clock: Pick<Clock, 'now'>): ImportNotes => {
  let notes = notesInMemory()
  const notedAs = (key: string, about: NotedImport): Noted => ({
    about,
    accepted: (job) => notes.set(key, JSON.stringify({ ...about, job })),
    ended: () => notes.set(key, undefined),
  })
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
      for (const [key, text] of await notes.all()) {
        if (!key.startsWith(KEY)) continue
        const about: NotedImport = written.parse(JSON.parse(text))
        const noted = notedAs(key, about)
        if (clock.now() > endsBy(about)) await noted.ended()
        else open.push(noted)
      }
      return open
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
