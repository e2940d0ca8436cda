import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { refuseOthers } from './refuse-others.ts'

/** A folder that is there as a whole or not at all. */
export interface NewFolder {
  /** Where to write meanwhile. */
  readonly path: string
  /**
   * Puts it in its place; a sample that was there goes.
   * @throws Syn2opError usage, where something else than a sample is there by now: it stays.
   */
  finish(): Promise<void>
  /** Leaves nothing behind. */
  discard(): Promise<void>
}

/**
 * Begins the folder of a sample beside its place, under a name that nobody else has.
 * @throws Syn2opError usage, where something else than a sample is there.
 */
export const newFolder = async (out: string): Promise<NewFolder> => {
  const place = resolve(out)
  await refuseOthers(place)
  await mkdir(dirname(place), { recursive: true })
  const path = await mkdtemp(`${place}.unfinished-`)
  return {
    path,
    finish: () => putInPlace(path, place),
    discard: () => rm(path, { recursive: true, force: true }),
  }
}

/** What was there is moved away and looked at there, where nobody puts anything into it any more, before it goes. */
const putInPlace = async (path: string, place: string): Promise<void> => {
  const before = `${path}-before`
  const isReplaced = await movedAway(place, before)
  try {
    if (isReplaced) await refuseOthers(before, place)
    await rename(path, place)
  } catch (error) {
    // Where another one took the place meanwhile, the old one stays beside it.
    if (isReplaced) await rename(before, place).catch(() => undefined)
    throw error
  }
  if (isReplaced) await rm(before, { recursive: true, force: true })
}

const movedAway = async (place: string, before: string): Promise<boolean> => {
  try {
    await rename(place, before)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
    throw error
  }
}
