import { z } from 'zod'
import { TITLES } from '../words.ts'
import { auth0ActionSchema } from './auth0-action.ts'
import { auth0CanarySchema } from './auth0-canary.ts'
import { auth0PrepareSchema } from './auth0-prepare.ts'
import { DOCUMENT_SCHEMAS } from './document-schemas.ts'
import { explanationSchema } from './explanation.ts'
import { keycloakPrepareSchema } from './keycloak-prepare.ts'
import { keycloakProviderSchema } from './keycloak-provider.ts'
import { linkSchema } from './link.ts'
import { mappingCheckSchema, mappingTestSchema } from './mapping-documents.ts'
import { readinessSchema } from './readiness.ts'
import { accountRecordSchema, eventSchema } from './run-record.ts'
import { runsSchema } from './runs.ts'
import { statusSchema } from './status.ts'
import { planOfTwoSchema, runOfTwoSchema, verifyOfTwoSchema } from './two-targets.ts'

const KINDS = ['check', 'plan', 'run', 'verify', 'rollback', 'rehearsal'] as const

/** What is no report of a migration: what looks at one, and the lines of a run's folder. */
const OTHERS: Readonly<Record<string, z.ZodType>> = {
  runs: runsSchema,
  status: statusSchema,
  explanation: explanationSchema,
  'mapping-check': mappingCheckSchema,
  'mapping-test': mappingTestSchema,
  'auth0-action': auth0ActionSchema,
  'auth0-canary': auth0CanarySchema,
  'keycloak-prepare': keycloakPrepareSchema,
  'keycloak-provider': keycloakProviderSchema,
  'auth0-prepare': auth0PrepareSchema,
  link: linkSchema,
  readiness: readinessSchema,
  'plan-of-two': planOfTwoSchema,
  'run-of-two': runOfTwoSchema,
  'verify-of-two': verifyOfTwoSchema,
  event: eventSchema,
  account: accountRecordSchema,
}

/**
 * The JSON Schemas (draft 2020-12) of the documents by file name, as text ready to be written.
 * They let fields through that they do not know, so that a later syn2op may add some without a new format.
 */
export const jsonSchemas = (): Readonly<Record<string, string>> =>
  Object.fromEntries([
    ...KINDS.map((kind) => jsonSchema(kind, TITLES[kind].toLowerCase(), DOCUMENT_SCHEMAS[kind])),
    ...Object.entries(OTHERS).map(([name, schema]) => jsonSchema(name, name, schema)),
  ])

const jsonSchema = (name: string, title: string, type: z.ZodType): readonly [string, string] => {
  const { $schema, ...schema } = z.toJSONSchema(type, { io: 'input' })
  return [`${name}.schema.json`, `${JSON.stringify({ $schema, title: `syn2op ${title}`, ...schema }, null, 2)}\n`]
}
