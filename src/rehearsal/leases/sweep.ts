import { existsSync } from 'node:fs'
import { lstat, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { PostgresSettings } from '../../postgres/settings.ts'
import { cleanCommand } from '../clean-command.ts'
import { removeOrphanContainers } from './end-containers.ts'
import { dropOrphanDatabases } from './end-databases.ts'
import { endLease } from './end-lease.ts'
import { endWithoutRecord, whyAlone } from './end-without-record.ts'
import type { Belonging } from './lease.ts'
import { takenAt } from './lease-id.ts'
import { mayLive } from './lease-life.ts'
import { type LeaseRecord, readRecord, recordFile } from './lease-record.ts'
import { isOurs, leaseRoot } from './lease-root.ts'
import { leftAlone, RUNS } from './left-alone.ts'
import { mayExist } from './may-exist.ts'
import type { Also, Orphan, OrphanOptions } from './orphan.ts'
import { describePlace, isSamePlace, nameOfPlace } from './place.ts'
import { processStart } from './process-start.ts'

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
  /** Why nothing of it was touched, though it was asked for, in words that follow its name. */
  readonly alone?: string
}

/** How old a lease must be that was begun and says nothing yet, in milliseconds. */
const UNNAMED_MS = 3_600_000

/**
 * Ends what rehearsals have left whose process is dead. Those that live, and those that were kept, are left alone; so is everything of
 * which it is not certain whose it is. Several sweeps at once do no harm. What cannot be ended is told, and is no error.
 */
export const sweep = async (options: SweepOptions): Promise<readonly Swept[]> => {
  const { root = leaseRoot(), signal, also } = options
  const swept = new Map<string, Swept | undefined>()
  for (const name of await namesIn(root)) {
    signal.throwIfAborted()
    const folder = join(root, name)
    if (takenAt(name) === undefined) await removeUnnamed(folder, name)
    else swept.set(name, await sweepLease(folder, name, options))
  }
  const lost = typeof also === 'object' && takenAt(also.id) !== undefined && !swept.has(also.id) ? also.id : undefined
  const alone = lost === undefined ? undefined : await whyAlone(lost)
  if (lost !== undefined && alone !== undefined) swept.set(lost, leftAlone(lost, alone))
  const leased = new Set([...swept].flatMap(([id, done]) => (isOver(done, join(root, id)) ? [] : [id])))
  const { ended, spared } = await endOrphans(options, leased)
  // What its marks say comes first: its programs may be all that nobody would miss.
  if (lost !== undefined && alone === undefined) {
    swept.set(lost, spared === undefined ? await endWithoutRecord(lost) : leftAlone(lost, spared))
  }
  return [...[...swept.values()].filter((done) => done !== undefined), ...ended]
}

/** Whether nothing is left of a lease that could end anything later. */
const isOver = (done: Swept | undefined, folder: string): boolean =>
  done?.alone === undefined && (done?.left.length ?? 0) === 0 && !existsSync(folder)

const namesIn = async (root: string): Promise<readonly string[]> =>
  (await isOurs(root)) ? (await readdir(root)).toSorted() : []

const isOld = async (path: string): Promise<boolean> =>
  Date.now() - ((await lstat(path).catch(() => undefined))?.mtimeMs ?? Date.now()) > UNNAMED_MS

const removeUnnamed = async (folder: string, name: string): Promise<void> => {
  if (name.startsWith('.new-') && (await isOld(folder))) await rm(folder, { recursive: true, force: true })
}

const isAsked = (id: string, also: Also | undefined): boolean => also === 'kept' || also?.id === id

/** Undefined: it was neither ended nor asked for. */
const sweepLease = async (folder: string, id: string, options: SweepOptions): Promise<Swept | undefined> => {
  const { also, note } = options
  const read = await readRecord(folder)
  if (read !== undefined) return sweepRecorded(folder, read, options)
  const isGone = !(await mayExist(recordFile(folder)))
  const old = await isOld(folder)
  if (isGone && isAsked(id, also) && (also !== 'kept' || old)) return endWithoutRecord(id, folder)
  if (old)
    note(
      `${folder} says not whose it is: ${isGone ? `${cleanCommand(id)} ends it` : 'delete it where nobody needs it'}`,
    )
  return undefined
}

const sweepRecorded = async (folder: string, read: LeaseRecord, options: SweepOptions): Promise<Swept | undefined> => {
  const place = describePlace()
  const lives = mayLive(read, { now: Date.now(), heard: await heardOf(folder), place, started: processStart(read.pid) })
  // What it said between our reading and its death counts: that it is to be kept, or what it began last.
  const record = await readRecord(folder)
  if (record === undefined) return undefined
  const { id, kept } = record
  const asked = isAsked(id, options.also)
  if (kept && !asked) return undefined
  if (isSamePlace(record.place, place)) {
    if (!lives) return endRehearsal(folder, record, options)
    return typeof options.also === 'object' && asked ? leftAlone(id, RUNS) : undefined
  }
  const machine = nameOfPlace(record.place)
  // Who keeps a rehearsal has ended its process: whether we see that does not matter.
  if (kept) return endRehearsal(folder, record, { ...options, programsOn: machine })
  if (!lives) return endRehearsal(folder, record, options)
  return asked ? leftAlone(id, `belongs to another machine, ${machine}, and may run there`) : undefined
}

const heardOf = (folder: string): Promise<number> =>
  stat(recordFile(folder)).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  )

const endRehearsal = async (
  folder: string,
  record: LeaseRecord,
  options: SweepOptions & { readonly programsOn?: string },
): Promise<Swept> => {
  const { id, kept } = record
  const { note, programsOn } = options
  const { what, left } = await endLease(folder, record, options)
  if (what.length > 0) note(`Ended what the rehearsal ${id} left: ${what.join(', ')}`)
  for (const why of left) note(`Left of the rehearsal ${id}: ${why}`)
  if (left.length === 0) return { id, what, left }
  const again = cleanCommand(id)
  if (programsOn !== undefined)
    note(`${again} ends the rest on ${programsOn}; where that machine is gone, delete ${folder}`)
  else if (kept) note(`${again} tries again, until ${folder} is deleted`)
  else note(`The next rehearsal tries again, until ${folder} is deleted`)
  return { id, what, left }
}

interface EndedOrphans {
  readonly ended: readonly Swept[]
  /** Why nothing was touched of the rehearsal whose id is asked for; undefined: nothing was in the way. */
  readonly spared: string | undefined
}

/** What was begun by rehearsals whose lease is gone, with the machine or container that it was on or with all of /tmp. */
const endOrphans = async (options: SweepOptions, leased: ReadonlySet<string>): Promise<EndedOrphans> => {
  const { also, note, signal, postgres, removeOrphanRealms } = options
  const reasons: string[] = []
  const spare = (why: string): void => void reasons.push(why)
  const orphans: OrphanOptions = { leased, note, signal, spare, ...(also === undefined ? {} : { also }) }
  const found = new Map<string, string[]>()
  const orphaned: readonly Orphan[] = [
    ...(await removeOrphanContainers(orphans)),
    ...(postgres === undefined ? [] : await dropOrphanDatabases(postgres, orphans)),
    ...((await removeOrphanRealms?.(orphans)) ?? []),
  ]
  for (const { id, what } of orphaned) found.set(id, [...(found.get(id) ?? []), what])
  const ended = [...found].map(([id, what]) => {
    note(`Ended what the rehearsal ${id} left, whose files are gone: ${what.join(', ')}`)
    return { id, what, left: [] }
  })
  return { ended, spared: reasons[0] }
}
