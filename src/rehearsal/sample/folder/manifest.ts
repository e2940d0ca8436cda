import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { Syn2opError } from '../../../errors/syn2op-error.ts'

/** Of the folder of a sample; another one is another way to write it. */
export const SAMPLE_FORMAT = 1

export const MANIFEST = 'manifest.json'

const rows = z.record(z.string(), z.number())

const manifest = z.object({
  format: z.literal(SAMPLE_FORMAT),
  syn2op: z.string(),
  /** Synapse's own number of its tables; absent: it is not known. */
  synapseSchema: z.number().optional(),
  /** What stands for now, ISO 8601: moved as all times are. */
  asOf: z.string(),
  /** Everybody, or some. */
  people: z.enum(['everybody', 'some']),
  compressed: z.boolean(),
  accounts: z.number(),
  rows,
  /** Of the homeserver that it was taken of. */
  original: z.object({ accounts: z.number(), rows }),
  /** Codes of what is found in the source, where everybody moves; those of settings and of a target are not among them. */
  findings: z.array(z.string()),
  /** Tables that are missing in the sample since they could not be read. */
  left: z.array(z.string()),
  tables: z.record(
    z.string(),
    z.object({
      columns: z.record(z.string(), z.string()),
      indexes: z.array(z.object({ columns: z.array(z.string()), unique: z.boolean() })),
    }),
  ),
})

/** What a sample is, as `manifest.json` has it. Nothing in it is anybody's. */
export type SampleManifest = z.infer<typeof manifest>

/**
 * Reads what a sample is.
 * @throws Syn2opError config.unreadable, config.invalid
 */
export const readManifest = async (folder: string): Promise<SampleManifest> => {
  const file = join(folder, MANIFEST)
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Syn2opError('config.unreadable', `${folder} holds no sample: ${file} cannot be read`, {
      cause,
      next: ['Make one: syn2op sample --synapse-config homeserver.yaml --out FOLDER'],
    })
  })
  const parsed = manifest.safeParse(asJson(text))
  if (parsed.success) return parsed.data
  throw new Syn2opError('config.invalid', `${file} is not what this version of syn2op knows as a sample`, {
    problems: parsed.error.issues
      .slice(0, 5)
      .map(({ path, message }) => ({ message: `${path.join('.')}: ${message}` })),
    next: ['Make it again with this version: syn2op sample'],
  })
}

const asJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
