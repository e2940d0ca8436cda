import { rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { wordsOf } from '../words-of.ts'
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
    /** Another machine, which programs are on: their numbers say nothing here. So are containers whose engine has no id. */
    readonly programsOn?: string
  },
): Promise<EndedLease> => {
  const what: string[] = []
  const left: string[] = []
  // What was begun later may use what was begun before.
  for (const belonging of belongings.toReversed()) {
    means.signal.throwIfAborted()
    const there = means.programsOn === undefined ? undefined : endedThereAlone(belonging, means.programsOn)
    if (there !== undefined) {
      left.push(there)
      continue
    }
    try {
      what.push(...(await endBelonging(belonging, { ...means, id, folder })))
    } catch (error) {
      left.push(wordsOf(error))
    }
  }
  if (left.length === 0) await rm(folder, { recursive: true, force: true, maxRetries: 10 })
  return { what: what.length === 0 && left.length === 0 ? ['its files'] : what, left }
}

/**
 * What is known by something that means something on its own machine alone, in words: a number of a process, or an engine that nothing
 * tells from ours, which would say that it has no such containers. Undefined: it can be ended from anywhere.
 */
const endedThereAlone = (belonging: Belonging, machine: string): string | undefined => {
  switch (belonging.kind) {
    case 'program':
      return `a program with the number ${belonging.pid} of the machine ${machine}, which is ended there alone`
    case 'cluster':
      return `a PostgreSQL server of the machine ${machine}, which is ended there alone`
    case 'containers':
      if (belonging.engine !== undefined) return undefined
      return `its containers on the machine ${machine}, which are ended there alone`
    case 'database':
    case 'realm':
      return undefined
  }
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
