import type { RollbackDocument } from '../../src/report/rollback-document.ts'
import { source, target } from './documents.ts'

const head = {
  format: 1,
  syn2op: '0.1.0',
  serverName: 'example.org',
  source,
  target,
  asOf: '2026-11-23T09:12:00.000Z',
  findings: [],
} as const

const table = (
  name: string,
  relation: RollbackDocument['tables'][number]['relation'],
  [remove, restore, endForGood, stay, theirs]: readonly [number, number, number, number, number],
) => ({ table: name, relation, remove, restore, endForGood, stay, theirs })

/** What taking back a merge would do, of which some people use what it brought. */
export const rollbackPlanDocument: RollbackDocument = {
  ...head,
  kind: 'rollback',
  of: { kind: 'run', name: '20261121-220000-9f3a' },
  way: 'accounts',
  runs: ['20261121-220000-9f3a'],
  accounts: 1_204,
  used: 37,
  usedAccounts: 'keep',
  tables: [
    table('users', 'account', [1_180, 21, 0, 3, 0]),
    table('user_passwords', 'password', [1_180, 2, 2, 4, 0]),
    table('compat_sessions', 'session', [2_011, 388, 1, 0, 0]),
    table('compat_access_tokens', 'access_token', [2_007, 0, 0, 0, 0]),
  ],
  lost: [
    {
      what: 'browser sessions begun or added at MAS',
      count: 41,
      samples: ['@anna:example.org', '@bert.van.dyck:example.org', '@chidi:example.org'],
    },
    { what: 'passwords begun or added at MAS', count: 2, samples: ['@anna:example.org', '@zoë:example.org'] },
  ],
}

/** The same, done, with the people who use it. */
export const rollbackDocument: RollbackDocument = {
  ...rollbackPlanDocument,
  runId: '20261123-091410-02c1',
  accounts: 1_241,
  usedAccounts: 'remove',
  milliseconds: 8_420,
}

/** A migration that nobody has used, taken back. */
export const emptiedDocument: RollbackDocument = {
  ...head,
  kind: 'rollback',
  of: { kind: 'run', name: '20261121-220000-9f3a' },
  runId: '20261123-091410-02c1',
  way: 'empty',
  runs: ['20261121-220000-9f3a', '20261120-031500-77aa'],
  accounts: 47_902,
  used: 0,
  usedAccounts: 'keep',
  tables: [table('users', 'account', [47_902, 0, 0, 0, 0]), table('compat_sessions', 'session', [81_422, 0, 0, 0, 0])],
  lost: [],
  milliseconds: 2_310,
}
