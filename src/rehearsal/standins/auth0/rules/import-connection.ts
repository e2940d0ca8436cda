import { ANN, importing } from './examples.ts'
import { article, documented, inferred, seenByOthers, specified } from './published.ts'
import type { Rule, Step } from './rule.ts'

const IMPORT = 'POST /jobs/users-imports'

const sending = (fields: Readonly<Record<string, string | null>>): Step => ({ kind: 'import', rows: [ANN], fields })

const NO_ID = {
  kind: 'answer',
  status: 400,
  errorCode: 'invalid_body',
  message: 'String does not match pattern ^con_[A-Za-z0-9]{16}$',
} as const

/** Which connection an import may name. */
export const IMPORT_CONNECTION_RULES: readonly Rule[] = [
  {
    id: 'import-request.connection_id.required',
    says: 'The form has a part `connection_id`.',
    sources: [specified(IMPORT, '"required": ["users", "connection_id"]')],
    keeps: { steps: [importing(ANN)] },
    breaks: [
      {
        wrong: 'no connection',
        steps: [sending({ connection_id: null })],
        refusal: {
          kind: 'answer',
          status: 400,
          errorCode: 'invalid_body',
          message: 'Missing required property: connection_id',
        },
      },
    ],
  },
  {
    id: 'import-request.connection_id.pattern',
    says: 'A connection is named by its id, `con_` and 16 letters or digits, not by its name.',
    sources: [
      specified(IMPORT, '"pattern": "^con_[A-Za-z0-9]{16}$"'),
      seenByOthers(
        'bulk user imports (auth0/docs#1327)',
        'https://github.com/auth0/docs/issues/1327',
        "Payload validation error: 'String does not match pattern ^con_[A-Za-z0-9]{16}$' on property connection_id",
      ),
    ],
    keeps: { steps: [importing(ANN)] },
    breaks: [
      {
        wrong: "a connection's name",
        steps: [sending({ connection_id: 'Username-Password-Authentication' })],
        refusal: NO_ID,
      },
      { wrong: '17 letters', steps: [sending({ connection_id: 'con_00000000000000001' })], refusal: NO_ID },
    ],
  },
  {
    id: 'import-request.connection_id.known',
    says: 'The connection is there.',
    sources: [
      inferred(
        documented(
          'imports',
          'You must have a [database connection](/docs/authenticate/database-connections) to import the user data into',
        ),
      ),
    ],
    keeps: { steps: [importing(ANN)] },
    breaks: [
      {
        wrong: 'a connection that is not there',
        steps: [sending({ connection_id: 'con_NobodyHasThisId0' })],
        refusal: { kind: 'answer', status: 400, errorCode: 'inexistent_connection' },
      },
    ],
  },
  {
    id: 'import-request.connection_id.database',
    says: 'The connection is a database connection.',
    sources: [
      documented(
        'imports',
        'You must have a [database connection](/docs/authenticate/database-connections) to import the user data into',
      ),
      seenByOthers(
        'Import users into a passwordless connection (node-auth0#246)',
        'https://github.com/auth0/node-auth0/issues/246',
        'Connection must be a database connection',
      ),
    ],
    keeps: { steps: [importing(ANN)] },
    breaks: [
      {
        wrong: 'an enterprise connection',
        given: { enterprise: { strategy: 'oidc', scim: false } },
        steps: [sending({ connection_id: '{enterprise}' })],
        refusal: {
          kind: 'answer',
          status: 400,
          errorCode: 'operation_not_supported',
          message: 'Connection must be a database connection',
        },
      },
    ],
  },
  {
    id: 'import-request.connection_id.enabled',
    says: 'The connection is enabled for at least one application; else nothing is imported.',
    sources: [
      documented('olderImports', 'to import the users into and enable it for at least one application.'),
      article(
        'Prerequisites for Bulk Users Import',
        'https://community.auth0.com/t/prerequisites-for-bulk-users-import/140781',
        'Configure a database connection to import the users into and enable it for at least one application.',
      ),
      seenByOthers(
        'Patch import users (auth0/docs#3685)',
        'https://github.com/auth0/docs/pull/3685',
        'the connection must be enabled for at least one client for the import job to work properly',
      ),
    ],
    keeps: { given: { connection: { enabled: true } }, steps: [importing(ANN)] },
    breaks: [
      {
        wrong: 'a connection that no application uses',
        given: { connection: { enabled: false } },
        steps: [importing(ANN)],
        refusal: { kind: 'job', status: 'failed' },
      },
    ],
  },
]
