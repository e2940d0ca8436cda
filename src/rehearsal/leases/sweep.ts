import { lstat, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { PostgresSettings } from '../../postgres/settings.ts'
import { removeOrphanContainers } from './end-containers.ts'
import { dropOrphanDatabases } from './end-databases.ts'
import { endLease } from './end-lease.ts'
import type { Belonging } from './lease.ts'
import { mayLive } from './lease-life.ts'
import { type LeaseRecord, readRecord, recordFile } from './lease-record.ts'
import { isOurs, leaseRoot } from './lease-root.ts'
import { describePlace } from './place.ts'
import { processStart } from './process-start.ts'

/** What `--clean` asks for beside what is dead and was not to be kept: all that were kept, or the one of this id, kept or not. */
export type Also = 'kept' | { readonly id: string }

/** What those are told who look for belongings by their marks, since their lease may be gone. */
export interface OrphanOptions {
  /**
   * Undefined: only what was not kept, and whose time has passed. An id: whatever bears it, before its time too, where its lease is gone
   * from this host, or where it was kept (then no process of it needs it, on whatever host). `kept`: also what was kept on this host.
   */
  readonly also?: Also
  /** Ids of the leases that are here and were not ended: nothing of them is an orphan. */
  readonly leased: ReadonlySet<string>
  readonly note: (message: string) => void
  readonly signal: AbortSignal
}

/** Something that was ended of a rehearsal without a lease, in words. */
export interface Orphan {
  readonly id: string
  readonly what: string
}

export interface SweepOptions {
  /** The folder of all leases of this user. */
  readonly root?: string
  readonly note: (message: string) => void
  readonly signal: AbortSignal
  /** Beside those whose process is dead and that were not to be kept: all that were kept, or the one of this id. */
  readonly also?: Also
  /** A server on which databases may have been left. */
  readonly postgres?: PostgresSettings
  /** Deletes a realm that was left at a Keycloak; throws where it cannot. */
  readonly removeRealm?: (realm: Extract<Belonging, { kind: 'realm' }>) => Promise<void>
  /** Deletes realms of rehearsals whose lease is gone, at a Keycloak that is given. */
  readonly removeOrphanRealms?: (orphans: OrphanOptions) => Promise<readonly Orphan[]>
}

/** What a sweep did with one rehearsal. */
export interface Swept {
  readonly id: string
  /** What was ended, in words. */
  readonly what: readonly string[]
  /** What could not be ended, and why; then its lease is still there. */
  readonly left: readonly string[]
}

const ID = /^\d{8}-\d{6}-[0-9a-z]{13}$/u

/** How old a lease must be that was begun and says nothing yet, in milliseconds. */
const UNNAMED_MS = 3_600_000

/**
 * Ends what rehearsals have left whose process is dead. Those that live, and those that were kept, are left alone; so is everything of
 * which it is not certain whose it is. Several sweeps at once do no harm. What cannot be ended is told, and is no error.
 */
export const sweep = async (options: SweepOptions): Promise<readonly Swept[]> => {
  const { root = leaseRoot(), note, signal } = options
  const swept: Swept[] = []
  const leased = new Set<string>()
  for (const name of await namesIn(root)) {
    signal.throwIfAborted()
    const folder = join(root, name)
    if (!ID.test(name)) {
      await removeUnnamed(folder, name)
      continue
    }
    const record = await readRecord(folder)
    if (record === undefined) {
      if (await isOld(folder)) note(`${folder} says not whose it is: delete it where nobody needs it`)
    } else if (await isToEnd(folder, record, options.also)) {
      const ended = await endRehearsal(folder, record, options)
      swept.push(ended)
      if (ended.left.length > 0) leased.add(record.id)
    } else {
      leased.add(record.id)
    }
  }
  return [...swept, ...(await endOrphans(options, leased))]
}

const namesIn = async (root: string): Promise<readonly string[]> =>
  (await isOurs(root)) ? (await readdir(root)).toSorted() : []

const isOld = async (path: string): Promise<boolean> =>
  Date.now() - ((await lstat(path).catch(() => undefined))?.mtimeMs ?? Date.now()) > UNNAMED_MS

const removeUnnamed = async (folder: string, name: string): Promise<void> => {
  if (name.startsWith('.new-') && (await isOld(folder))) await rm(folder, { recursive: true, force: true })
}

const isToEnd = async (folder: string, record: LeaseRecord, also: SweepOptions['also']): Promise<boolean> => {
  if (record.kept && also !== 'kept' && also?.id !== record.id) return false
  const heard = await stat(recordFile(folder)).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  )
  const observed = { now: Date.now(), heard, place: describePlace(), started: processStart(record.pid) }
  return !mayLive(record, observed)
}

const endRehearsal = async (folder: string, record: LeaseRecord, options: SweepOptions): Promise<Swept> => {
  const { id } = record
  const { what, left } = await endLease(folder, record, options)
  if (what.length > 0) options.note(`Ended what the rehearsal ${id} left: ${what.join(', ')}`)
  for (const why of left) options.note(`Left of the rehearsal ${id}: ${why}`)
  if (left.length > 0) options.note(`The next rehearsal tries again, until ${folder} is deleted`)
  return { id, what, left }
}

/** What was begun by rehearsals whose lease is gone, with the machine or container that it was on or with all of /tmp. */
const endOrphans = async (options: SweepOptions, leased: ReadonlySet<string>): Promise<readonly Swept[]> => {
  const { also, note, signal, postgres, removeOrphanRealms } = options
  const orphans: OrphanOptions = { leased, note, signal, ...(also === undefined ? {} : { also }) }
  const found = new Map<string, string[]>()
  const ended: readonly Orphan[] = [
    ...(await removeOrphanContainers(orphans)),
    ...(postgres === undefined ? [] : await dropOrphanDatabases(postgres, orphans)),
    ...((await removeOrphanRealms?.(orphans)) ?? []),
  ]
  for (const { id, what } of ended) found.set(id, [...(found.get(id) ?? []), what])
  return [...found].map(([id, what]) => {
    note(`Ended what the rehearsal ${id} left, whose files are gone: ${what.join(', ')}`)
    return { id, what, left: [] }
  })
}
