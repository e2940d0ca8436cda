import { afterAll, describe } from 'vitest'
import { conformance } from '../../src/testing.ts'
import { keycloakHarness } from '../support/conformance/keycloak-harness.ts'
import { testWithoutParts } from '../support/conformance/without-parts.ts'
import { sharedKeycloak } from '../support/keycloak/shared-server.ts'

const harness = await keycloakHarness(await sharedKeycloak())
afterAll(() => harness.close())

// Devices and their tokens stay in Synapse, and Keycloak's column for a subject has 255 characters.
const ABSENT = [
  'the harness cannot give an access token to somebody else (foreign.token)',
  'the target takes no devices',
  'the OP takes no subject of more than 255 characters',
]

conformance(harness, { describe, test: testWithoutParts(ABSENT) })
