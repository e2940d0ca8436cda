import { abilitiesOf } from '../../../src/readiness/abilities/abilities.ts'
import type { Evidence } from '../../../src/readiness/evidence.ts'
import { judgeAll } from '../../../src/readiness/probes/all-probes.ts'
import type {
  ReadinessConfiguration,
  ReadinessDocument,
  ReadinessProbe,
  ReadinessWalk,
} from '../../../src/report/readiness-document.ts'

/** A document of what was asked, as the command makes it. */
export const documentOf = (evidence: Evidence, more: Partial<ReadinessDocument> = {}): ReadinessDocument => {
  const probes = judgeAll(evidence)
  return {
    kind: 'readiness',
    format: 1,
    syn2op: '1.0.0',
    at: '2026-11-23T03:12:04.000Z',
    homeserver: { serverName: 'example.org', baseUrl: 'https://matrix.example.org', product: 'Synapse 1.163.2' },
    ...(evidence.issuer === undefined ? {} : { op: { issuer: evidence.issuer } }),
    probes,
    abilities: abilitiesOf(evidence, probes),
    left: [],
    ...more,
  }
}

/** The same with every warning acknowledged. */
export const accepting = (document: ReadinessDocument): ReadinessDocument => ({
  ...document,
  probes: document.probes.map(
    (one): ReadinessProbe =>
      one.result === 'fail' && one.level === 'warning' ? { ...one, accepted: 'all-warnings' } : one,
  ),
})

export const conflictingConfiguration: ReadinessConfiguration = {
  files: ['/etc/synapse/homeserver.yaml'],
  serverName: 'example.org',
  delegation: 'off',
  conflicts: [
    {
      path: 'password_config.enabled',
      file: '/etc/synapse/homeserver.yaml',
      line: 12,
      change: 'password_config: { enabled: false }',
    },
    { path: 'enable_registration', file: '/etc/synapse/homeserver.yaml', line: 40, change: 'Remove this line.' },
  ],
  unreadable: [],
}

/** Only a configuration was looked at. */
export const offlineDocument = (configuration: ReadinessConfiguration): ReadinessDocument => ({
  kind: 'readiness',
  format: 1,
  syn2op: '1.0.0',
  at: '2026-11-23T03:12:04.000Z',
  probes: [],
  abilities: [],
  configuration,
  left: [],
})

export const failedWalk: ReadinessWalk = {
  as: 'a native client on this machine',
  outcome: 'failed',
  steps: [
    {
      step: 'metadata',
      outcome: 'ok',
      words: 'The homeserver names its OP.',
      remedy: [],
      milliseconds: 12,
      messages: [
        {
          request: {
            line: 'GET https://matrix.example.org/_matrix/client/v1/auth_metadata',
            headers: ['accept: application/json'],
          },
          answer: {
            line: '200 OK',
            headers: ['content-type: application/json'],
            body: '{"issuer":"https://auth.example.org/"}',
          },
        },
      ],
    },
    {
      step: 'token',
      outcome: 'failed',
      words: 'The OP gives no access token: 400 invalid_grant.',
      remedy: ['See in the log of the OP why.'],
      milliseconds: 31,
      messages: [
        {
          request: {
            line: 'POST https://auth.example.org/oauth2/token',
            headers: ['content-type: application/x-www-form-urlencoded'],
            body: 'code=(masked)',
          },
          answer: { line: '400 Bad Request', headers: [], body: '{"error":"invalid_grant"}' },
        },
      ],
    },
    {
      step: 'whoami',
      outcome: 'skipped',
      words: 'There is no access token.',
      remedy: [],
      milliseconds: 0,
      messages: [],
    },
  ],
}
