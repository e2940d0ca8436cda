import { randomBytes } from 'node:crypto'
import { chmod, mkdir, rename, rm, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { Syn2opError } from '../../errors/syn2op-error.ts'
import { labelsOf } from './labels.ts'
import type { Belonging, Lease } from './lease.ts'
import { type LeaseRecord, recordFile, writeRecord } from './lease-record.ts'
import { FOLDER_MODE, leaseRoot, openLeaseRoot } from './lease-root.ts'
import { describePlace } from './place.ts'
import { processStart } from './process-start.ts'
import { watchLease } from './watch-lease.ts'

/** How often a lease says that its rehearsal lives, to those who cannot see its process. */
const PRESENCE_MS = 60_000

/** 64 bits tell it from those of the same second; with letters of both ends of the alphabet they stay short enough for names. */
export const newLeaseId = (now: Date): string => {
  const [day = '', time = ''] = now
    .toISOString()
    .replaceAll(/[-:]|\..*/gu, '')
    .split('T')
  return `${day}-${time}-${randomBytes(8).readBigUInt64BE().toString(36).padStart(13, '0')}`
}

/**
 * Takes a lease for this process. When that ends without ending what is noted, its guard does so at once, or else a later `sweep`.
 * @param root the folder of all leases of this user
 * @throws Syn2opError temporary.unwritable where no folder can be made
 */
export const takeLease = async ({ root = leaseRoot() }: { readonly root?: string } = {}): Promise<Lease> => {
  await openLeaseRoot(root)
  const now = new Date()
  const id = newLeaseId(now)
  const folder = join(root, id)
  const record: LeaseRecord = {
    format: 1,
    id,
    pid: process.pid,
    started: ownStart(),
    place: describePlace(),
    made: now.getTime(),
    kept: false,
    belongings: [],
  }
  await makeFolder(root, folder, record)
  return hold(folder, record, watchLease(folder))
}

const ownStart = (): string => {
  const started = processStart(process.pid)
  if (started === undefined) throw new Syn2opError('internal', 'The system does not say when this process was started')
  return started
}

/** No sweep sees a lease that does not yet say whose it is. */
const makeFolder = async (root: string, folder: string, record: LeaseRecord): Promise<void> => {
  const unnamed = join(root, `.new-${record.id}`)
  try {
    await mkdir(unnamed, { mode: FOLDER_MODE })
    await chmod(unnamed, FOLDER_MODE)
    await writeRecord(unnamed, record)
    await rename(unnamed, folder)
  } catch (cause) {
    throw new Syn2opError('temporary.unwritable', `The folder of a rehearsal ${folder} cannot be made`, { cause })
  }
}

/** Who is released when there is nothing more to be guarded, and not before: one process may take many leases, one after the other. */
type Released = ReturnType<typeof watchLease>

const hold = (folder: string, taken: LeaseRecord, guard: Released): Lease => {
  let record = taken
  let turn: Promise<void> = Promise.resolve()
  const change = (next: (current: LeaseRecord) => LeaseRecord): Promise<void> => {
    const written = turn.then(async () => {
      const changed = next(record)
      if (isDeepStrictEqual(changed, record)) return
      await writeRecord(folder, changed)
      record = changed
    })
    turn = written.catch(() => {})
    return written
  }
  const presence = setInterval(() => {
    const now = new Date()
    void utimes(recordFile(folder), now, now).catch(() => {})
  }, PRESENCE_MS)
  presence.unref()
  const without = (belonging: Belonging): readonly Belonging[] =>
    record.belongings.filter((noted) => !isDeepStrictEqual(noted, belonging))
  return {
    id: record.id,
    folder,
    labels: labelsOf({ id: record.id, folder, place: record.place, made: record.made }),
    holds: (belonging) => change((current) => ({ ...current, belongings: [...without(belonging), belonging] })),
    gone: (belonging) => change((current) => ({ ...current, belongings: without(belonging) })),
    async keep() {
      await change((current) => ({ ...current, kept: true }))
      guard.release()
    },
    async end() {
      clearInterval(presence)
      await turn
      // What could not be ended is left to the next sweep, which finds it here.
      if (record.belongings.length > 0) return 'something is left'
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
      guard.release()
      return 'ended'
    },
  }
}
