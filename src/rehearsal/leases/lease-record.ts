import { open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Belonging } from './lease.ts'

const BELONGING = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('cluster'), folder: z.string() }).readonly(),
  z.object({ kind: z.literal('program'), pid: z.int().min(2), started: z.string().min(1) }).readonly(),
  z.object({ kind: z.literal('containers'), engine: z.string().exactOptional() }).readonly(),
  z
    .object({
      kind: z.literal('database'),
      server: z.string(),
      name: z.string(),
      serverLease: z.string().exactOptional(),
    })
    .readonly(),
  z.object({ kind: z.literal('realm'), url: z.string(), name: z.string() }).readonly(),
]) satisfies z.ZodType<Belonging>

const RECORD = z
  .object({
    format: z.literal(1),
    id: z.string(),
    /** Whose it is: a process, told from later ones of its number by its start. */
    pid: z.int().min(1),
    started: z.string().min(1),
    /** The machine and its processes, as `describePlace` says them: elsewhere the pid says nothing. */
    place: z.string(),
    /** Milliseconds since 1970. */
    made: z.int(),
    /** It is to be left running. */
    kept: z.boolean(),
    belongings: z.array(BELONGING).readonly(),
  })
  .readonly()

/** What a lease's file says. */
export type LeaseRecord = z.infer<typeof RECORD>

const FILE = 'lease.json'

export const recordFile = (folder: string): string => join(folder, FILE)

/** Undefined: there is none, or none that can be understood. */
export const readRecord = async (folder: string): Promise<LeaseRecord | undefined> => {
  try {
    return RECORD.parse(JSON.parse(await readFile(recordFile(folder), 'utf8')))
  } catch {
    return undefined
  }
}

/** Whoever reads meanwhile sees the old one or the new one, also after the machine went down. */
export const writeRecord = async (folder: string, record: LeaseRecord): Promise<void> => {
  const beside = `${recordFile(folder)}.new`
  const file = await open(beside, 'w', 0o600)
  try {
    await file.writeFile(`${JSON.stringify(record, undefined, 2)}\n`)
    await file.datasync()
  } finally {
    await file.close()
  }
  await rename(beside, recordFile(folder))
}
