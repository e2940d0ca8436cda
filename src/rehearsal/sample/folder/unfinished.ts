import type { Dirent } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { mayLive } from '../../leases/lease-life.ts'
import { describePlace } from '../../leases/place.ts'
import { processStart } from '../../leases/process-start.ts'
import { refuseOthers } from './refuse-others.ts'

/** A hidden folder beside the place of a sample, which holds what is not finished yet. */
export interface Unfinished {
  readonly folder: string
  /** The new sample. */
  readonly sample: string
  /** Where what was in the place goes meanwhile; it is not there by itself. */
  readonly before: string
  /** Where it goes when the new one is in its place: of no use to anybody. */
  readonly replaced: string
}

const RECORD = z.object({
  /** Whose it is: a process, told from later ones of its number by its start. Elsewhere than at the place the number says nothing. */
  pid: z.int(),
  started: z.string(),
  place: z.string(),
  /** Milliseconds since 1970. */
  made: z.number(),
})

const recordFile = (folder: string): string => join(folder, 'owner.json')

const nameOf = (place: string): string => `.${basename(place)}.unfinished-`

const within = (folder: string): Unfinished => ({
  folder,
  sample: join(folder, 'sample'),
  before: join(folder, 'before'),
  replaced: join(folder, 'replaced'),
})

/** Makes one under a name that nobody else has. Git never adds it. */
export const makeUnfinished = async (place: string): Promise<Unfinished> => {
  const made = within(await mkdtemp(join(dirname(place), nameOf(place))))
  const started = processStart(process.pid)
  const record: z.infer<typeof RECORD> = {
    pid: process.pid,
    started: started ?? '',
    // Where starts are not known, age alone tells.
    place: started === undefined ? '' : describePlace(),
    made: Date.now(),
  }
  await writeFile(recordFile(made.folder), JSON.stringify(record), { mode: 0o600 })
  await writeFile(join(made.folder, '.gitignore'), '*\n')
  await mkdir(made.sample, { mode: 0o700 })
  return made
}

/**
 * Gives back what was moved away: to its place, or under a name beside it where another one is there by now.
 * @throws Error of the file system: it is still where it was
 */
export const giveBack = async ({ folder, before }: Unfinished, place: string): Promise<void> => {
  try {
    await rename(before, place)
  } catch (error) {
    if (isMissing(error)) return
    await rename(before, `${place}.before-${folder.slice(-6)}`)
  }
}

/**
 * Removes what killed processes have left of samples of this place, and gives back what they had moved away.
 * What cannot be removed stays: that hinders nobody.
 */
export const removeStale = async (place: string): Promise<void> => {
  const entries = await readdir(dirname(place), { withFileTypes: true }).catch((): readonly Dirent[] => [])
  const beginning = nameOf(place)
  for (const entry of entries) {
    if (!entry.isDirectory() || !entry.name.startsWith(beginning)) continue
    if (!/^[A-Za-z0-9]{6}$/u.test(entry.name.slice(beginning.length))) continue
    const stale = within(join(dirname(place), entry.name))
    if (await isLeft(stale)) await remove(stale, place).catch(() => undefined)
  }
}

const remove = async (stale: Unfinished, place: string): Promise<void> => {
  const isPlaceTaken = await readdir(place).then(
    () => true,
    (error: unknown) => !isMissing(error),
  )
  const isOldSample = await refuseOthers(stale.before).then(
    () => true,
    () => false,
  )
  if (!(isPlaceTaken && isOldSample)) await giveBack(stale, place)
  await rm(stale.folder, { recursive: true, force: true })
}

/** Ours, of a process that is gone. */
const isLeft = async ({ folder }: Unfinished): Promise<boolean> => {
  const record = await readFile(recordFile(folder), 'utf8')
    .then(
      (text) => RECORD.parse(JSON.parse(text)),
      () => undefined,
    )
    .catch(() => undefined)
  if (record === undefined) return false
  const seen = { now: Date.now(), heard: record.made, place: describePlace(), started: processStart(record.pid) }
  return !mayLive(record, seen)
}

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT'
