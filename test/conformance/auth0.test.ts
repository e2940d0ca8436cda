import { afterAll, describe } from 'vitest'
import { conformance } from '../../src/testing.ts'
import { auth0Harness } from '../support/conformance/auth0-harness.ts'
import { testWithoutParts } from '../support/conformance/without-parts.ts'

const harness = await auth0Harness()
afterAll(() => harness.close())

// Devices and their tokens stay in Synapse; identities are noted for the first login, where nobody else's are in the way.
const ABSENT = [
  'the harness cannot give an access token to somebody else (foreign.token)',
  'the harness cannot give an SSO identity to somebody else (foreign.identity)',
  'the target takes no devices',
  'the OP takes no subject of more than 2000 characters',
  'the OP takes no username of more than 128 characters',
]

conformance(harness, { describe, test: testWithoutParts(ABSENT) })
