import { z } from 'zod'
import { rulesOf, SETTING_KEYS } from './settings.ts'
import { VALUE_KINDS } from './value-kinds.ts'

type Fields = Record<string, z.ZodType>

const fieldsUnder = (section: string | undefined): Fields => {
  const fields: Fields = {}
  for (const key of SETTING_KEYS) {
    const [first = '', second] = key.split('.')
    const name =
      section === undefined ? (second === undefined ? first : undefined) : first === section ? second : undefined
    if (name === undefined) continue
    const { kind, summary, secret } = rulesOf(key)
    fields[name] = VALUE_KINDS[kind].schema.optional().describe(summary)
    if (secret === true)
      fields[`${name}File`] = z
        .string()
        .min(1)
        .optional()
        .describe(`File that holds ${key}, so that it need not stand here`)
  }
  return fields
}

/** syn2op.yaml as a whole. Unknown keys are refused, since a misspelt one would be ignored without a word. */
export const settingsFileSchema = z.strictObject({
  synapse: z.strictObject(fieldsUnder('synapse')).optional().describe('Where the people come from'),
  target: z.strictObject(fieldsUnder('target')).optional().describe('Where they go to'),
  link: z
    .strictObject(fieldsUnder('link'))
    .optional()
    .describe('Whom Keycloak logs in: where the links to its people are written'),
  rehearsal: z
    .strictObject(fieldsUnder('rehearsal'))
    .optional()
    .describe('What a rehearsal may use: servers, programs, images'),
  ...fieldsUnder(undefined),
})
