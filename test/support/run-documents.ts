import type { ExplanationDocument } from '../../src/report/explanation.ts'
import type { RunEntry, RunsDocument } from '../../src/report/runs-document.ts'
import type { StatusDocument } from '../../src/report/status.ts'
import { statusSteps } from '../../src/report/status-steps.ts'
import { source, target } from './documents.ts'

/** What is shown about runs, as a homeserver with some 48,000 accounts would leave it between copy and cut-over. */

const command = ['syn2op', 'migrate', '--online', '--mapping', "rules of O'Hara.yaml"]
const about = {
  kind: 'online',
  serverName: 'example.org',
  target: `${target.product} at ${target.location}`,
  accounts: 43_993,
  command,
  record: 'both',
} as const

export const runEntriesShown: readonly RunEntry[] = [
  {
    ...about,
    runId: '20261121-220000-07da',
    state: 'done',
    startedAt: '2026-11-21T22:00:00.000Z',
    milliseconds: 1430,
  },
  {
    ...about,
    runId: '20261121-201500-51c3',
    state: 'resumed',
    startedAt: '2026-11-21T20:15:00.000Z',
    milliseconds: 640,
    error: { code: 'database.failed', message: 'The connection to a database was lost' },
    record: 'folder',
  },
  { runId: '20261120-090000-e0e0', state: 'done', record: 'journal' },
]

export const runsDocument: RunsDocument = {
  kind: 'runs',
  format: 1,
  syn2op: '0.1.0',
  folder: '/srv/syn2op-runs',
  journal: 'read',
  runs: runEntriesShown,
}

const seen = {
  source: {
    location: source.location,
    postgres: source.postgres,
    replica: false,
    connections: ['Synapse of synapse from 10.0.0.7', 'Synapse of synapse from 10.0.0.7'],
  },
  target: {
    product: target.product,
    location: target.location,
    state: 'online',
    since: '2026-11-21T22:00:00.000Z',
    final: false,
  },
  runs: runEntriesShown,
} as const

export const onlineStatus: StatusDocument = {
  kind: 'status',
  format: 1,
  syn2op: '0.1.0',
  folder: '/srv/syn2op-runs',
  ...seen,
  changedSince: { changed: 412, gone: 1, unchanged: 47_797, waiting: 0 },
  next: statusSteps(seen),
}

const [newest] = runEntriesShown
const killed: Pick<StatusDocument, 'source' | 'target' | 'runs'> = {
  source: 'not asked',
  target: 'not asked',
  runs: newest === undefined ? [] : [{ ...newest, state: 'unfinished', record: 'folder' }],
}

export const unaskedStatus: StatusDocument = {
  kind: 'status',
  format: 1,
  syn2op: '0.1.0',
  folder: '/srv/syn2op-runs',
  ...killed,
  next: statusSteps(killed),
}

export const explanationDocument: ExplanationDocument = {
  kind: 'explanation',
  format: 1,
  syn2op: '0.1.0',
  mxid: '@anna:example.org',
  serverName: 'example.org',
  asOf: '2026-11-21T22:00:00.000Z',
  account: {
    decision: 'migrate',
    createdAt: '2019-03-01T10:00:00.000Z',
    admin: true,
    guest: false,
    locked: false,
    deactivated: false,
    shadowBanned: false,
    approved: true,
    expired: false,
  },
  rows: [
    { relation: 'password', form: 'bcrypt, cost 12', decision: 'carry' },
    {
      relation: 'threepid',
      medium: 'email',
      address: 'anna@example.org',
      addedAt: '2019-03-01T10:05:00.000Z',
      decision: 'carry',
    },
    {
      relation: 'external_id',
      authProvider: 'oidc-keycloak-old',
      subject: '583231',
      decision: 'leave',
      reason: 'provider_not_configured',
    },
    {
      relation: 'session',
      deviceId: 'PHONE',
      displayName: "Anna's telephone",
      createdAt: '2024-05-01T08:00:00.000Z',
      lastSeenAt: '2026-11-21T21:58:00.000Z',
      decision: 'carry',
    },
    { relation: 'session', deviceId: 'qPGLWaUuTfFI', decision: 'leave', reason: 'hidden_device' },
    {
      relation: 'access_token',
      deviceId: 'PHONE',
      form: 'another form',
      createdAt: '2024-05-01T08:00:00.000Z',
      decision: 'leave',
      reason: 'token_not_accepted',
    },
  ],
  predictions: [
    {
      code: 'identity_ends',
      message: 'Logging in through oidc-keycloak-old stops working (provider not in the target’s configuration).',
    },
    { code: 'login_ends', message: 'The login on device PHONE ends (a format that MAS refuses).' },
  ],
  target: {
    change: 'update',
    rows: [
      { relation: 'account', create: 0, update: 0, remove: 0, unchanged: 1, theirs: 0, foreign: 0 },
      { relation: 'password', create: 0, update: 0, remove: 0, unchanged: 0, theirs: 1, foreign: 0 },
      { relation: 'threepid', create: 1, update: 0, remove: 0, unchanged: 0, theirs: 0, foreign: 1 },
    ],
  },
  history: [
    {
      run: { runId: '20261121-220000-07da', state: 'done', kind: 'online' },
      record: { mxid: '@anna:example.org', decision: 'migrate', outcome: 'rejected', message: 'value too long' },
    },
    { run: { runId: '20261121-201500-51c3', state: 'resumed', kind: 'online' } },
  ],
}

export const heldBackExplanation: ExplanationDocument = {
  ...explanationDocument,
  mxid: '@_irc_anna:example.org',
  account: {
    decision: 'hold back',
    reason: 'appservice_user',
    createdAt: '2019-03-01T10:00:00.000Z',
    admin: false,
    guest: false,
    locked: true,
    deactivated: false,
    shadowBanned: false,
    approved: true,
    expired: false,
  },
  rows: [],
  predictions: [],
  target: { code: 'database.unreachable', message: 'db.example.org does not answer' },
  history: [],
}
