import { expect, test } from 'vitest'
import { countedCodes } from '../../../../src/synapse/audit/counted-codes.ts'
import { tablesNotCounted } from '../../../../src/synapse/audit/tables-not-counted.ts'

const catalogue = {
  schema: 'matrix',
  tables: new Map([
    ['users', new Map([['name', 'text']])],
    ['login_tokens', new Map([['token', 'text']])],
    ['erased_users', new Map([['user_id', 'text']])],
    ['registration_tokens', new Map([['token', 'text']])],
  ]),
}

test('a table that may not be read is told, with what nobody looked for and the line that changes it', () => {
  expect(
    tablesNotCounted(countedCodes('mas'), { catalogue, unreadable: ['login_tokens'], filtered: [], role: 'reader' }),
  ).toMatchObject([
    {
      code: 'TABLES_NOT_COUNTED',
      message: expect.stringContaining('LOGIN_TOKENS_LEFT'),
      samples: ['login_tokens'],
      remedy: [expect.stringContaining('GRANT SELECT ON "matrix"."login_tokens" TO "reader";')],
    },
  ])
})

test('a table is told too where its rows are counted within the pass over the accounts', () => {
  expect(
    tablesNotCounted(countedCodes('mas'), { catalogue, unreadable: ['erased_users'], filtered: [], role: 'reader' }),
  ).toMatchObject([{ message: expect.stringContaining('nobody looked for ERASED'), samples: ['erased_users'] }])
})

test('a table of which a policy hides rows is told with what lifts that, which no GRANT does', () => {
  const seen = { catalogue, unreadable: ['erased_users'], filtered: ['registration_tokens'], role: 'reader' }
  const [told] = tablesNotCounted(countedCodes('mas'), seen)
  expect(told).toMatchObject({ count: 2, samples: ['erased_users', 'registration_tokens'] })
  expect(told?.message).toMatch(/ERASED, REGISTRATION_TOKENS_LEFT/)
  expect(told?.remedy).toEqual([
    expect.stringMatching(/^GRANT SELECT ON "matrix"."erased_users" TO/),
    expect.stringMatching(/registration_tokens.*: ALTER ROLE "reader" BYPASSRLS;$/),
  ])
})

test('a table that this version of Synapse does not have is no news', () => {
  expect(
    tablesNotCounted(countedCodes('mas'), {
      catalogue,
      unreadable: ['ratelimit_override'],
      filtered: [],
      role: 'reader',
    }),
  ).toEqual([])
})

test('what matters to another target only is not asked', () => {
  const codes = (target: string): readonly string[] => countedCodes(target).map(({ code }) => code)
  expect(codes('mas')).toContain('DEVICES_REFUSED')
  expect(codes('memory')).not.toContain('DEVICES_REFUSED')
  expect(codes('memory')).toContain('ACCOUNTS_WITHOUT_LOGIN')
})
