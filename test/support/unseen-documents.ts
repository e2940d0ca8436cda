import type { VerifyDocument } from '../../src/report/documents.ts'
import { verifyDocument, verifyDocumentOfProofs } from './documents.ts'

const TARGET = {
  product: 'Auth0',
  version: 'plan essentials',
  location: 'https://example.eu.auth0.com, connection people',
  schema: 'none',
  postgres: 'none',
} as const

const NOTHING_WRONG = { missing: 0, extra: 0, differing: 0, theirs: 0, foreign: 0, milliseconds: 412 } as const

/** Of a target that shows nobody a password. */
export const verifyDocumentOfUnseen: VerifyDocument = {
  ...verifyDocument,
  target: TARGET,
  tables: [
    { table: 'account', relation: 'account', wanted: 1857, present: 1857, ...NOTHING_WRONG },
    { table: 'password', relation: 'password', wanted: 1270, present: 1270, ...NOTHING_WRONG, unseen: true },
  ],
  differences: [],
}

/** Of the same target: passwords alone were tried. */
export const verifyDocumentOfPasswords: VerifyDocument = {
  ...verifyDocumentOfProofs,
  target: TARGET,
  proofs: {
    results: [
      { what: 'password', mxid: '@anna:example.org', worked: true, expected: true },
      { what: 'password', mxid: '@chidi:example.org', worked: true, expected: true },
    ],
  },
}
