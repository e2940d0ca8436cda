import type { Document } from './documents.ts'
import type { LinkDocument } from './link-document.ts'

/** A document for programs: two spaces deep, in the order of its format, with a line end. docs/reference/json has the schemas. */
export const toJson = (document: Document | LinkDocument): string => `${JSON.stringify(document, null, 2)}\n`
