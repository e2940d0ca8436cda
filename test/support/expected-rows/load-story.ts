import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { z } from 'zod'
import {
  chapterSchema,
  headerSchema,
  type StoryAccount,
  type StoryHeader,
  type StoryTables,
  tablesSchema,
} from './story-schema.ts'

export type StoryName = 'damage' | 'real-synapse'

/** What is expected of a source, as it was written by hand. */
export interface Story extends StoryHeader {
  readonly tables: StoryTables
  readonly accounts: readonly StoryAccount[]
}

const folder = new URL('../../integration/expected/', import.meta.url)

const load = async <T>(path: string, schema: z.ZodType<T>): Promise<T> => {
  const parsed = schema.safeParse(parse(await readFile(new URL(path, folder), 'utf8')))
  if (!parsed.success) throw new Error(`${path}: ${z.prettifyError(parsed.error)}`)
  return parsed.data
}

/** Reads a story with all its chapters; throws with every mistake of a file. */
export const loadStory = async (name: StoryName): Promise<Story> => {
  const header = await load(`${name}.yaml`, headerSchema)
  const chapters = await Promise.all(header.chapters.map((chapter) => load(`${name}/${chapter}.yaml`, chapterSchema)))
  return { ...header, tables: await load('tables.yaml', tablesSchema), accounts: chapters.flat() }
}

/** The SQL that writes the damage story's rows into a database with Synapse's tables, chapter by chapter. */
export const damageStatements = async (): Promise<readonly string[]> => {
  const { chapters } = await load('damage.yaml', headerSchema)
  return Promise.all(chapters.map((chapter) => readFile(new URL(`damage/${chapter}.sql`, folder), 'utf8')))
}
