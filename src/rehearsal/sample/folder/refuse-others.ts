import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Syn2opError } from '../../../errors/syn2op-error.ts'
import { MANIFEST, readManifest, type SampleManifest } from './manifest.ts'
import { tableFile } from './write-table.ts'

/** What a sample writes beside its tables. */
const FILES = /^(?:README\.md|homeserver\.yaml|canaries\.txt|tokens\.txt|appservice-\d+\.yaml)$/u

/**
 * Refuses to replace a folder that holds anything which no sample writes, hidden or not.
 * @param shown what people call it.
 * @throws Syn2opError usage
 */
export const refuseOthers = async (place: string, shown = place): Promise<void> => {
  const entries = await entriesOf(place, shown)
  if (entries.length === 0) return
  const manifest = await readManifest(place).catch((cause: unknown) => {
    throw refused(`--out: ${shown} holds files that are no sample of this version`, cause)
  })
  const tables = entries.find((entry) => entry.name === 'tables' && entry.isDirectory())
  const inTables = tables === undefined ? [] : await entriesOf(join(place, tables.name), shown)
  const other =
    entries.find(
      (entry) => entry !== tables && !(entry.isFile() && (entry.name === MANIFEST || FILES.test(entry.name))),
    )?.name ?? foreignTable(inTables, manifest)
  if (other !== undefined) throw refused(`--out: ${shown} holds ${other}, which is not of a sample, and would be lost`)
}

const foreignTable = (entries: readonly Dirent[], { tables, compressed }: SampleManifest): string | undefined => {
  const own = new Set(Object.keys(tables).map((table) => tableFile(table, compressed)))
  return entries
    .map((entry) => ({ entry, path: join('tables', entry.name) }))
    .find(({ entry, path }) => !(entry.isFile() && own.has(path)))?.path
}

const entriesOf = async (place: string, shown: string): Promise<readonly Dirent[]> => {
  try {
    return await readdir(place, { withFileTypes: true })
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return []
    throw new Syn2opError('usage', `--out: ${shown} is no folder that a sample can be written to`, { cause })
  }
}

const refused = (message: string, cause?: unknown): Syn2opError =>
  new Syn2opError('usage', message, {
    ...(cause === undefined ? {} : { cause }),
    next: ['Name a folder that is empty, or that is not there.'],
  })
