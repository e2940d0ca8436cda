import type { Finding } from '../../src/findings/finding.ts'
import type {
  CheckDocument,
  CohortCount,
  EndDescription,
  PlanDocument,
  ReasonCount,
  RelationCount,
  RunDocument,
  TableResult,
  TableVerification,
  VerifyDocument,
} from '../../src/report/documents.ts'

/** Documents as a real migration of a homeserver with some 48,000 accounts would leave them. */

export const source: EndDescription = {
  product: 'Synapse',
  version: 'schema 94',
  location: 'synapse_reader@db.example.org:5432/synapse',
  schema: 'public',
  postgres: '15.18',
}

export const target: EndDescription = {
  product: 'MAS',
  version: '1.22 (167 schema migrations)',
  location: 'mas@db.example.org:5432/mas',
  schema: 'public',
  postgres: '18.4',
}

export const findings: readonly Finding[] = [
  {
    code: 'PROVIDER_NOT_CONFIGURED',
    severity: 'warning',
    message: '214 SSO identities belong to the provider oidc-keycloak-old, which no provider of MAS names.',
    count: 214,
    samples: ['@anna:example.org', '@bert.van.dyck:example.org', '@chidi:example.org'],
    remedy: [
      'upstream_oauth2:',
      '  providers:',
      '    - id: 01JSHPZHAXC50QBKH67MH33TNF',
      '      synapse_idp_id: oidc-keycloak-old',
    ],
    accepted: 'by --accept PROVIDER_NOT_CONFIGURED',
  },
  {
    code: 'GUESTS_HELD_BACK',
    severity: 'notice',
    message: '1,904 guests stay behind: MAS knows no guests.',
    count: 1904,
    remedy: [],
  },
  {
    code: 'EMAIL_SHARED',
    severity: 'warning',
    message: 'Three addresses belong to two accounts each. Nobody can log in or recover an account with them.',
    count: 6,
    samples: ['@info:example.org', '@info2:example.org'],
    remedy: ["SELECT user_id FROM user_threepids WHERE lower(address) = 'info@example.org';"],
  },
]

const errorFinding: Finding = {
  code: 'MAS_NOT_EMPTY',
  severity: 'error',
  message: 'The MAS database holds 3 users that syn2op did not write.',
  count: 3,
  samples: ['admin', 'canary', 'test'],
  remedy: ['dropdb mas && createdb --owner mas mas', 'mas-cli database migrate'],
}

const left = (...counts: readonly (readonly [string, number])[]): readonly ReasonCount[] =>
  counts.map(([reason, count]) => ({ reason, count }))

const counted = (
  relation: RelationCount['relation'],
  read: number,
  reasons: readonly ReasonCount[] = [],
): RelationCount => ({
  relation,
  read,
  carried: read - reasons.reduce((sum, each) => sum + each.count, 0),
  left: reasons,
})

export const relations: readonly RelationCount[] = [
  counted('account', 48_210, left(['appservice_user', 2311], ['guest', 1904], ['malformed_mxid', 2])),
  counted('password', 41_870, left(['account_held_back', 12])),
  counted('threepid', 38_402, left(['email_old', 31], ['account_held_back', 7], ['orphan', 4])),
  counted('external_id', 6120, left(['provider_not_configured', 214], ['oauth_delegated', 9])),
  counted(
    'session',
    151_904,
    left(['hidden_device', 40_112], ['account_guest', 1904], ['account_deactivated', 644], ['account_held_back', 25]),
  ),
  counted(
    'access_token',
    118_430,
    left(['account_guest', 1904], ['account_deactivated', 640], ['device_gone', 612], ['puppet_token', 58]),
  ),
  counted('refresh_token', 9212, left(['superseded', 3020], ['no_access_token', 14])),
]

const head = {
  format: 1,
  syn2op: '0.1.0',
  serverName: 'example.org',
  source,
  target,
  asOf: '2026-11-21T22:00:00.000Z',
} as const

const mapping = {
  file: 'mappings/mas.yaml',
  sha256: '7d865e959b2466918c9863afca942d0fb89d7c9ac0c99bafc3749504ded97730',
} as const

export const checkDocument: CheckDocument = { ...head, kind: 'check', findings: [...findings, errorFinding] }

export const planDocument: PlanDocument = { ...head, kind: 'plan', findings, relations, mapping }

const ofCohort = (cohort: string, read: number, reasons: readonly ReasonCount[] = []): CohortCount => {
  const { relation: _, ...counts } = counted('account', read, reasons)
  return { cohort, ...counts }
}

/** The same homeserver in stages. */
export const planDocumentOfCohorts: PlanDocument = {
  ...planDocument,
  findings: findings.filter(({ code }) => code !== 'EMAIL_SHARED'),
  cohorts: [
    ofCohort('pilot', 24),
    ofCohort('staff', 1210, left(['guest', 3])),
    ofCohort('rest', 46_976, left(['appservice_user', 2311], ['guest', 1901], ['malformed_mxid', 2])),
  ],
}

export const planDocumentOfOneCohort: PlanDocument = {
  ...planDocumentOfCohorts,
  cohort: 'pilot',
  relations: [counted('account', 24), counted('password', 22), counted('session', 80, left(['hidden_device', 20]))],
}

const copied = (
  relation: TableResult['relation'],
  table: string,
  rows: number,
  bytesPerRow: number,
  milliseconds: number,
): TableResult => ({ relation, table, rows, bytes: rows * bytesPerRow, milliseconds })

const tables: readonly TableResult[] = [
  copied('account', 'users', 43_993, 96, 640),
  copied('password', 'user_passwords', 41_858, 143, 720),
  copied('threepid', 'user_emails', 37_115, 88, 410),
  copied('threepid', 'user_unsupported_third_party_ids', 1245, 71, 35),
  copied('external_id', 'upstream_oauth_links', 5897, 124, 118),
  copied('session', 'compat_sessions', 109_277, 131, 1840),
  copied('access_token', 'compat_access_tokens', 115_216, 147, 2110),
  copied('refresh_token', 'compat_refresh_tokens', 6178, 163, 150),
]

export const runDocument: RunDocument = {
  ...head,
  kind: 'run',
  findings,
  runId: '20261121T220000Z-k7dq',
  relations,
  mapping,
  tables,
  phases: [
    { phase: 'prepare', milliseconds: 410 },
    { phase: 'copy', milliseconds: 4230 },
    { phase: 'keys', milliseconds: 890 },
    { phase: 'indexes', milliseconds: 1720 },
    { phase: 'foreign keys', milliseconds: 660 },
    { phase: 'finish', milliseconds: 120 },
  ],
  milliseconds: 8030,
  peakMemory: 96_468_992,
}

const verified: readonly TableVerification[] = tables.map(({ table, relation, rows }) => ({
  table,
  relation,
  wanted: rows,
  present: rows,
  missing: 0,
  extra: 0,
  differing: 0,
  milliseconds: Math.round(rows / 90) + 12,
}))

export const verifyDocument: VerifyDocument = {
  ...head,
  kind: 'verify',
  findings: [],
  runId: runDocument.runId,
  tables: verified,
  differences: [],
}

export const verifyDocumentWithDifferences: VerifyDocument = {
  ...verifyDocument,
  tables: verified.map((table) =>
    table.table === 'users'
      ? { ...table, present: table.wanted - 1, missing: 2, extra: 1 }
      : table.table === 'user_emails'
        ? { ...table, differing: 1 }
        : table,
  ),
  differences: [
    { table: 'users', kind: 'missing', row: '@dana:example.org', columns: [] },
    { table: 'users', kind: 'missing', row: '@émile:example.org', columns: [] },
    { table: 'users', kind: 'extra', row: '@test:example.org', columns: [] },
    {
      table: 'user_emails',
      kind: 'differs',
      row: '@anna:example.org, anna@example.org',
      columns: ['email', 'created_at'],
    },
  ],
}

/** After a merge, with a sample, what a sync would delete, and people's own changes. */
export const verifyDocumentOfMerge: VerifyDocument = {
  ...verifyDocument,
  tables: verified.map((table, index) => ({ ...table, present: table.present + 40, theirs: index, foreign: 40 })),
  differences: [
    {
      table: 'compat_sessions',
      kind: 'theirs',
      row: '@anna:example.org, PHONE',
      columns: ['finished_at'],
    },
  ],
  inConflict: 2,
  fields: { seed: '7f3a', accounts: 100, rows: 812, fields: 4210, differences: [] },
  deletions: {
    devices: 3,
    emails: 1,
    reasons: [
      { what: 'device', reason: 'account_guest', count: 2 },
      { what: 'device', reason: 'session_ended', count: 1 },
      { what: 'email', reason: 'email_missing', count: 1 },
    ],
    samples: [
      { mxid: '@17:example.org', what: 'device', name: 'guest_device', reason: 'account_guest' },
      { mxid: '@anna:example.org', what: 'device', name: 'PHONE', reason: 'session_ended' },
    ],
  },
}

/** After the cut-over: one token did not do what was foretold. */
export const verifyDocumentOfProofs: VerifyDocument = {
  ...verifyDocument,
  tables: [],
  proofs: {
    results: [
      { what: 'token', mxid: '@anna:example.org', device: 'PHONE', worked: true, expected: true },
      {
        what: 'token',
        mxid: '@17:example.org',
        device: 'guest_device',
        worked: false,
        expected: false,
        reason: 'account_guest',
        answer: '401 M_UNKNOWN_TOKEN',
      },
      { what: 'password', mxid: '@émile:example.org', worked: false, expected: true, answer: '403 M_FORBIDDEN' },
    ],
  },
}
