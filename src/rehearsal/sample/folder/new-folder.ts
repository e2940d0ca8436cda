import { access, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { Syn2opError } from '../../../errors/syn2op-error.ts'
import { MANIFEST } from './manifest.ts'

/** A folder that is there as a whole or not at all. */
export interface NewFolder {
  /** Where to write meanwhile. */
  readonly path: string
  /** Puts it in its place; a sample that was there goes. */
  finish(): Promise<void>
  /** Leaves nothing behind. */
  discard(): Promise<void>
}

/**
 * Begins the folder of a sample beside its place.
 * @throws Syn2opError usage, where something else than a sample is there.
 */
export const newFolder = async (out: string): Promise<NewFolder> => {
  const place = resolve(out)
  await refuseOthers(place)
  const path = `${place}.unfinished`
  await rm(path, { recursive: true, force: true })
  await mkdir(dirname(place), { recursive: true })
  await mkdir(path)
  return {
    path,
    finish: async () => {
      await rm(place, { recursive: true, force: true })
      await rename(path, place)
    },
    discard: () => rm(path, { recursive: true, force: true }),
  }
}

/** @throws Syn2opError usage */
export const refuseOthers = async (place: string): Promise<void> => {
  const names = await readdir(place).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw new Syn2opError('usage', `--out: ${place} is no folder that a sample can be written to`, { cause: error })
  })
  if (names.length === 0) return
  await access(join(place, MANIFEST)).catch(() => {
    throw new Syn2opError('usage', `--out: ${place} holds files that are no sample`, {
      next: ['Name a folder that is empty, or that is not there.'],
    })
  })
}
