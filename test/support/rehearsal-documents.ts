import type { RehearsalDocument } from '../../src/report/documents.ts'
import {
  planDocument,
  runDocument,
  verifyDocument,
  verifyDocumentOfProofs,
  verifyDocumentWithDifferences,
} from './documents.ts'
import { emptiedDocument } from './rollback-documents.ts'

const head = {
  kind: 'rehearsal',
  format: 1,
  syn2op: '0.1.0',
  id: 'k7dq2mfa',
  services: ['PostgreSQL 18.4 in a container', 'MAS 1.22 in a container', 'Synapse 1.158 in a container'],
  plan: planDocument,
  toAccept: ['EMAIL_SHARED'],
} as const

const steps: RehearsalDocument['steps'] = [
  { step: 'start services', milliseconds: 2310, outcome: 'ok' },
  { step: 'make the people', milliseconds: 11_840, outcome: 'ok' },
  { step: 'make the target', milliseconds: 3120, outcome: 'ok' },
  { step: 'check', milliseconds: 460, outcome: 'ok' },
  { step: 'plan', milliseconds: 730, outcome: 'ok' },
  { step: 'migrate', milliseconds: 8030, outcome: 'ok' },
  { step: 'verify', milliseconds: 4100, outcome: 'ok' },
  { step: 'prove logins and tokens', milliseconds: 6200, outcome: 'ok' },
  { step: 'roll back', milliseconds: 2310, outcome: 'ok' },
  { step: 'plan again', milliseconds: 700, outcome: 'ok' },
]

/** Steps until one, and how that one and those after it ended. */
const stepsWith = (
  changed: Readonly<Record<string, Partial<RehearsalDocument['steps'][number]>>>,
): RehearsalDocument['steps'] => steps.map((one) => ({ ...one, ...changed[one.step] }))

const skipped = (why: string) => ({ milliseconds: 0, outcome: 'skipped', why }) as const

/** After the cut-over: each did what was foretold. */
export const provedDocument: typeof verifyDocument = {
  ...verifyDocumentOfProofs,
  proofs: {
    results: (verifyDocumentOfProofs.proofs?.results ?? []).map((one) => {
      const { answer: _, ...told } = one
      return { ...told, worked: one.expected }
    }),
  },
}

/** Everything was tried, with a copy of the homeserver's own people. */
export const rehearsalDocument: RehearsalDocument = {
  ...head,
  people: { kind: 'real', what: 'a copy of synapse_reader@db.example.org:5432/synapse, 48,210 accounts' },
  verdict: 'passed',
  steps,
  unproved: [],
  run: runDocument,
  verify: verifyDocument,
  proofs: provedDocument,
  rollback: emptiedDocument,
  again: { same: true, differences: [] },
  night: {
    accounts: 48_210,
    rows: 414_148,
    milliseconds: { least: 9_704, most: 18_195 },
    basis:
      'Migrating and verifying 48,210 accounts with 414,148 rows took 12 s here; other machines take another time.',
  },
}

/** Of a sample, without a MAS that could be asked. */
export const unprovedRehearsalDocument: RehearsalDocument = {
  ...head,
  people: { kind: 'sample', what: 'sample/ of 214 accounts' },
  services: ['PostgreSQL 18.4 of its own'],
  toAccept: [],
  verdict: 'passed',
  steps: stepsWith({
    'prove logins and tokens': skipped('No mas-cli is there, so no MAS ran: give its path with --mas-cli'),
  }),
  unproved: [
    { what: 'logins', why: 'No mas-cli is there, so no MAS ran: give its path with --mas-cli' },
    { what: 'tokens', why: 'No Synapse is there that old tokens could be shown' },
    { what: 'sso', why: 'Nobody can come by a provider of somebody else' },
  ],
  run: runDocument,
  verify: verifyDocument,
  rollback: emptiedDocument,
  again: { same: true, differences: [] },
  night: {
    accounts: 120_000,
    rows: 1_030_000,
    milliseconds: { least: 15_100, most: 92_000 },
    basis:
      'Migrating and verifying 48,210 accounts with 414,148 rows took 12 s here; the homeserver has 2 times as many rows, so the range is wide: a sample with --full, or the homeserver itself, gives a better one.',
  },
}

/** What was written is not what should be there, and the rollback left something. */
export const failedRehearsalDocument: RehearsalDocument = {
  ...rehearsalDocument,
  verdict: 'failed',
  verify: verifyDocumentWithDifferences,
  proofs: verifyDocumentOfProofs,
  again: {
    same: false,
    differences: ['accounts created: 43,993 before, 43,990 now', 'accounts unchanged: 0 before, 3 now'],
  },
}

/** The target ended the migration with an error. */
export const endedRehearsalDocument: RehearsalDocument = {
  ...head,
  people: { kind: 'demo', what: 'made-up homeserver of 48,210 accounts' },
  verdict: 'failed',
  steps: stepsWith({
    'migrate': { milliseconds: 1240, outcome: 'failed' },
    'verify': skipped('`migrate` failed'),
    'prove logins and tokens': skipped('`migrate` failed'),
    'roll back': skipped('`migrate` failed'),
    'plan again': skipped('`migrate` failed'),
  }),
  failure: {
    step: 'migrate',
    code: 'target.refused',
    message: 'MAS refuses the row of @anna:example.org: duplicate key value (username)=(anna)',
    problems: ['The constraint users_username_key is not met by anna', 'Nothing of the batch was written'],
    next: ['syn2op explain @anna:example.org'],
  },
  unproved: [{ what: 'rollback', why: 'Nothing was there to be taken back' }],
}

/** Everything is left running. */
export const keptRehearsalDocument: RehearsalDocument = {
  ...rehearsalDocument,
  people: { kind: 'demo', what: 'made-up homeserver of 48,210 accounts' },
  kept: {
    folder: '/tmp/syn2op-rehearsals-1000/k7dq2mfa',
    files: ['/tmp/syn2op-rehearsals-1000/k7dq2mfa/syn2op.yaml', '/tmp/syn2op-rehearsals-1000/k7dq2mfa/mas/config.yaml'],
    end: 'syn2op rehearse --clean k7dq2mfa',
  },
}
