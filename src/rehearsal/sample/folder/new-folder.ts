import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { refuseOthers } from './refuse-others.ts'
import { giveBack, makeUnfinished, removeStale, type Unfinished } from './unfinished.ts'

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
 * Begins the folder of a sample beside its place, hidden and under a name that nobody else has. What killed ones have left there goes.
 * @throws Syn2opError usage, where something else than a sample is there.
 */
export const newFolder = async (out: string): Promise<NewFolder> => {
  const place = resolve(out)
  await removeStale(place)
  await refuseOthers(place)
  await mkdir(dirname(place), { recursive: true })
  const unfinished = await makeUnfinished(place)
  const remove = (): Promise<void> => rm(unfinished.folder, { recursive: true, force: true })
  return {
    path: unfinished.sample,
    finish: async () => {
      await putInPlace(unfinished, place)
      await remove()
    },
    discard: async () => {
      await giveBack(unfinished, place)
      await remove()
    },
  }
}

/** What was there is moved away and looked at there, where nobody puts anything into it any more, before it goes. */
const putInPlace = async (unfinished: Unfinished, place: string): Promise<void> => {
  const { sample, before, replaced } = unfinished
  const isReplaced = await movedAway(place, before)
  try {
    if (isReplaced) await refuseOthers(before, place)
    await rename(sample, place)
  } catch (error) {
    // Discarding tries once more, and removes nothing before it is given back.
    if (isReplaced) await giveBack(unfinished, place).catch(() => undefined)
    throw error
  }
  if (isReplaced) await rename(before, replaced)
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
