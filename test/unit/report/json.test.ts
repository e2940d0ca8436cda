import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, expectTypeOf, it } from 'vitest'
import type { z } from 'zod'
import type {
  CheckDocument,
  PlanDocument,
  RehearsalDocument,
  RunDocument,
  VerifyDocument,
} from '../../../src/report/documents.ts'
import type { RollbackDocument } from '../../../src/report/rollback-document.ts'
import { DOCUMENT_SCHEMAS } from '../../../src/report/schema/document-schemas.ts'
import type { checkSchema, planSchema, runSchema, verifySchema } from '../../../src/report/schema/documents.ts'
import { jsonSchemas } from '../../../src/report/schema/json-schemas.ts'
import type { rehearsalSchema } from '../../../src/report/schema/rehearsal.ts'
import type { rollbackSchema } from '../../../src/report/schema/rollback.ts'
import { toJson } from '../../../src/report/to-json.ts'
import { documents } from '../../support/arbitrary-documents.ts'
import { planDocument } from '../../support/documents.ts'

const FOLDER = fileURLToPath(new URL('../../../docs/reference/json/', import.meta.url))

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T

describe('documents for programs', () => {
  it.each(Object.entries(documents))('%s is what its schema says, and comes back as it was', (_name, document) => {
    const read: unknown = JSON.parse(toJson(document))
    expect(DOCUMENT_SCHEMAS[document.kind].strict().parse(read)).toEqual(document)
  })

  it('the schema refuses what the format does not know', () => {
    const schema = DOCUMENT_SCHEMAS.plan
    for (const wrong of [
      { ...planDocument, format: 2 },
      { ...planDocument, kind: 'check' },
      { ...planDocument, asOf: 'today' },
      { ...planDocument, relations: [{ relation: 'room', read: 1, carried: 1, left: [] }] },
      { ...planDocument, relations: [{ relation: 'account', read: -1, carried: 1, left: [] }] },
    ])
      expect(schema.safeParse(wrong).success).toBe(false)
    expect(schema.safeParse(planDocument).success).toBe(true)
  })

  it('the schemas in the reference are those of this version (npm run docs writes them)', () => {
    const expected = jsonSchemas()
    expect(readdirSync(FOLDER).toSorted()).toEqual(Object.keys(expected).toSorted())
    for (const [file, text] of Object.entries(expected)) expect(readFileSync(FOLDER + file, 'utf8')).toBe(text)
  })

  it('schemas and types say the same', () => {
    expectTypeOf<DeepReadonly<z.output<typeof checkSchema>>>().toEqualTypeOf<DeepReadonly<CheckDocument>>()
    expectTypeOf<DeepReadonly<z.output<typeof planSchema>>>().toEqualTypeOf<DeepReadonly<PlanDocument>>()
    expectTypeOf<DeepReadonly<z.output<typeof runSchema>>>().toEqualTypeOf<DeepReadonly<RunDocument>>()
    expectTypeOf<DeepReadonly<z.output<typeof verifySchema>>>().toEqualTypeOf<DeepReadonly<VerifyDocument>>()
    expectTypeOf<DeepReadonly<z.output<typeof rollbackSchema>>>().toEqualTypeOf<DeepReadonly<RollbackDocument>>()
    expectTypeOf<DeepReadonly<z.output<typeof rehearsalSchema>>>().toEqualTypeOf<DeepReadonly<RehearsalDocument>>()
  })
})
