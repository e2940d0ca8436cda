import { Syn2opError } from '../errors/syn2op-error.ts'
import { parseDocument, readDocumentText, type Unreadable } from '../report/read-document.ts'
import type { ReadinessDocument } from '../report/readiness-document.ts'
import { readinessSchema } from '../report/schema/readiness.ts'

/**
 * What an earlier readiness found, as --json or --report json wrote it.
 * @throws Syn2opError readiness.unreadable
 */
export const readEarlier = async (file: string): Promise<ReadinessDocument> => {
  const rules = { kind: 'readiness', name: 'result of readiness', schema: readinessSchema, unreadable }
  // The schema says what the type says.
  return parseDocument(file, await readDocumentText(file, unreadable), rules) as ReadinessDocument
}

const unreadable: Unreadable = (message, options = {}) =>
  new Syn2opError('readiness.unreadable', message, {
    ...options,
    next: [
      'Write one before the change, and compare it afterwards: syn2op readiness example.org --report json=before.json',
    ],
  })
