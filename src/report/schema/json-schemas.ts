import { z } from 'zod'
import { TITLES } from '../words.ts'
import { DOCUMENT_SCHEMAS } from './documents.ts'

const KINDS = ['check', 'plan', 'run', 'verify', 'rehearsal'] as const

/**
 * The JSON Schemas (draft 2020-12) of the documents by file name, as text ready to be written.
 * They let fields through that they do not know, so that a later syn2op may add some without a new format.
 */
export const jsonSchemas = (): Readonly<Record<string, string>> =>
  Object.fromEntries(
    KINDS.map((kind) => {
      const { $schema, ...schema } = z.toJSONSchema(DOCUMENT_SCHEMAS[kind], { io: 'input' })
      const titled = { $schema, title: `syn2op ${TITLES[kind].toLowerCase()}`, ...schema }
      return [`${kind}.schema.json`, `${JSON.stringify(titled, null, 2)}\n`] as const
    }),
  )
