import type { PlanDocument } from '../../src/report/documents.ts'
import { planDocumentOfCohorts } from './documents.ts'

const sha256 = (digit: string): string => digit.repeat(64)

/** The plan of the same homeserver with all that a plan can say. */
export const wholePlanDocument: PlanDocument = {
  ...planDocumentOfCohorts,
  people: {
    accounts: 41_904,
    waysToLogIn: { password: 36_102, identity: 1_920, both: 3_763, none: 119 },
    lastSeen: [
      { within: 'a day', accounts: 9_114 },
      { within: 'a week', accounts: 7_820 },
      { within: 'a month', accounts: 5_006 },
      { within: 'three months', accounts: 4_377 },
      { within: 'a year', accounts: 7_248 },
      { within: 'longer', accounts: 6_105 },
      { within: 'never', accounts: 2_234 },
    ],
  },
  forecast: {
    seconds: 252,
    downtimeSeconds: 252,
    phases: [
      { phase: 'prepare', seconds: 9 },
      { phase: 'copy', seconds: 131 },
      { phase: 'keys', seconds: 28 },
      { phase: 'indexes', seconds: 61 },
      { phase: 'foreign keys', seconds: 19 },
      { phase: 'finish', seconds: 4 },
    ],
    measured: [
      { what: 'devices read from Synapse', rowsPerSecond: 61_400 },
      { what: 'devices written to MAS', rowsPerSecond: 22_310 },
    ],
  },
  providers: [
    {
      authProvider: 'oidc-keycloak',
      identities: 5_683,
      accounts: 5_680,
      several: 3,
      atHomeserver: true,
      decision: 'carry',
      becomes: '01JSHPZHAXC50QBKH67MH33TNF',
    },
    {
      authProvider: 'oidc-keycloak-old',
      identities: 214,
      accounts: 214,
      several: 0,
      atHomeserver: false,
      decision: 'unknown',
    },
    { authProvider: 'saml', identities: 12, accounts: 12, several: 0, atHomeserver: true, decision: 'leave' },
  ],
  predictions: [
    { what: 'login stops', reason: 'account_deactivated', count: 640 },
    { what: 'login stops', reason: 'device_gone', count: 612 },
    { what: 'account closes', reason: 'guest', count: 1_904 },
    { what: 'account opens', reason: 'shadow_banned', count: 3 },
  ],
  fingerprints: { source: sha256('3'), target: sha256('8'), mapping: planDocumentOfCohorts.mapping.sha256 },
}
