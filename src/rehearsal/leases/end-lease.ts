import { rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { endBelonging, type Means } from './end-belonging.ts'
import type { Belonging } from './lease.ts'
import { type LeaseRecord, readRecord } from './lease-record.ts'
import { leaseBeside } from './lease-root.ts'
import { mayExist } from './may-exist.ts'

/** What was ended of a rehearsal, and what could not be, in words. */
export interface EndedLease {
  readonly what: readonly string[]
  readonly left: readonly string[]
}

/** Ends all that a lease holds; its folder goes when nothing is left. */
export const endLease = async (
  folder: string,
  { id, belongings }: LeaseRecord,
  means: Omit<Means, 'id' | 'folder'> & {
    /** Another machine, which programs are on: their numbers say nothing here. */
    readonly programsOn?: string
  },
): Promise<EndedLease> => {
  const what: string[] = []
  const left: string[] = []
  // What was begun later may use what was begun before.
  for (const belonging of belongings.toReversed()) {
    means.signal.throwIfAborted()
    const there = means.programsOn === undefined ? undefined : programOf(belonging)
    if (there !== undefined) {
      left.push(`${there} of the machine ${means.programsOn}, which is ended there alone`)
      continue
    }
    try {
      what.push(...(await endBelonging(belonging, { ...means, id, folder })))
    } catch (error) {
      left.push(error instanceof Error ? error.message : String(error))
    }
  }
  if (left.length === 0) await rm(folder, { recursive: true, force: true, maxRetries: 10 })
  return { what: what.length === 0 && left.length === 0 ? ['its files'] : what, left }
}

/** What runs by a number that means something on its own machine alone, in words; undefined: it can be ended from anywhere. */
const programOf = (belonging: Belonging): string | undefined => {
  if (belonging.kind === 'program') return `a program with the number ${belonging.pid}`
  return belonging.kind === 'cluster' ? 'a PostgreSQL server' : undefined
}

/** The same at once, for a rehearsal that has just died; what needs somebody's password is left to the next sweep. */
export const endAbandoned = async (folder: string): Promise<void> => {
  const record = await readRecord(folder)
  if (record === undefined || record.kept) return
  const { signal } = new AbortController()
  const { left } = await endLease(folder, record, { signal })
  if (left.length > 0 && (await serversEnd(folder, record))) await endLease(folder, record, { signal })
}

/** How long the guard of the lease that has our server may take to end it, in milliseconds. */
const SERVER_MS = 60_000
const POLL_MS = 100

/** Whether a server of our databases goes with another lease of the process that died: its guard ends it at the same time as we. */
const serversEnd = async (folder: string, { belongings }: LeaseRecord): Promise<boolean> => {
  const owners = new Set(belongings.flatMap((one) => (one.kind === 'database' ? (one.serverLease ?? []) : [])))
  const until = Date.now() + SERVER_MS
  for (const owner of owners) {
    while ((await mayExist(leaseBeside(folder, owner))) && Date.now() < until) await sleep(POLL_MS)
  }
  return owners.size > 0
}
