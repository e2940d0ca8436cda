import type { ReadinessDocument, ReadinessProbe } from '../../../src/report/readiness-document.ts'

export const probe = (over: Partial<ReadinessProbe> = {}): ReadinessProbe => ({
  code: 'VERSIONS',
  part: 'homeserver',
  title: 'The homeserver says which versions of Matrix it speaks',
  spec: 'Matrix 1.0',
  stability: 'stable',
  level: 'error',
  result: 'pass',
  seen: '200, v1.12',
  remedy: [],
  ...over,
})

/** A result with every part that one can have. */
export const readinessDocument: ReadinessDocument = {
  kind: 'readiness',
  format: 1,
  syn2op: '0.1.0',
  at: '2026-11-23T03:15:00.000Z',
  homeserver: { serverName: 'example.org', baseUrl: 'https://matrix.example.org', product: 'Synapse 1.163.2' },
  op: { issuer: 'https://auth.example.org/', product: 'MAS' },
  probes: [
    probe(),
    probe({
      code: 'METADATA_REQUIRED',
      result: 'fail',
      seen: 'no token_endpoint',
      faults: [{ field: 'token_endpoint', what: 'is missing', breaks: ['element-x'] }],
      remedy: ['Restart Synapse'],
    }),
    probe({
      code: 'REGISTRATION',
      part: 'op',
      result: 'not asked',
      seen: 'it leaves a record',
      remedy: ['--register'],
    }),
  ],
  abilities: [
    {
      client: 'element-x',
      kind: 'OIDC-native',
      deed: 'log in',
      can: 'no',
      because: [{ probe: 'METADATA_REQUIRED', words: 'It does not take the metadata.' }],
    },
  ],
  configuration: {
    files: ['/etc/homeserver.yaml'],
    serverName: 'example.org',
    delegation: 'on',
    conflicts: [{ path: 'user_consent', file: '/etc/homeserver.yaml', line: 7, change: 'remove user_consent' }],
    unreadable: [],
  },
  walk: {
    as: 'a native client on this machine',
    outcome: 'passed',
    steps: [
      {
        step: 'token',
        outcome: 'ok',
        words: 'Tokens were given.',
        remedy: [],
        messages: [{ request: { line: 'POST https://auth.example.org/token', headers: [] }, failure: 'ECONNREFUSED' }],
        milliseconds: 12,
      },
    ],
  },
  comparison: {
    before: '2026-11-22T03:15:00.000Z',
    probes: [{ code: 'VERSIONS', before: 'fail', now: 'pass', change: 'mended', seen: ['404', '200, v1.12'] }],
    abilities: [{ client: 'element-x', deed: 'log in', before: 'yes', now: 'no', change: 'lost' }],
  },
  left: ['The client x at MAS.'],
}
