import { describe, expect, test } from 'vitest'
import { emptySourceRecord, type MasRow, type MasRows, type SourceRecord } from '../../support/expected-rows.ts'
import { compareWithRival, indexSource } from '../../support/mas/compare-with-rival.ts'
import { meantDifferences } from '../../support/mas/meant-differences.ts'

const STARTED = Date.parse('2026-11-01T00:00:00Z')
const NOW = '2026-11-01T00:00:05.000Z'
const BEFORE = '2026-10-01T00:00:00.000Z'

const none: MasRows = {
  users: [],
  user_passwords: [],
  user_emails: [],
  user_unsupported_third_party_ids: [],
  upstream_oauth_links: [],
  compat_sessions: [],
  compat_access_tokens: [],
  compat_refresh_tokens: [],
}
const row = (columns: MasRow['columns']): MasRow => ({
  key: JSON.stringify(Object.values(columns)[0]),
  columns,
  identifierTime: null,
})
const session = (created_at: string): MasRows => ({
  ...none,
  compat_sessions: [row({ device_id: 'PHONE', username: 'alice', created_at })],
})
const sourceWithTokens = (...validated: readonly (string | null)[]): SourceRecord => ({
  ...emptySourceRecord,
  tables: {
    ...emptySourceRecord.tables,
    access_tokens: validated.map((last_validated, id) => ({
      id,
      user_id: '@alice:d.example',
      device_id: 'PHONE',
      token: `syt_${id}`,
      puppets_user_id: null,
      last_validated,
    })),
  },
})
const compare = (ours: MasRows, theirs: MasRows, source: SourceRecord = emptySourceRecord) =>
  compareWithRival(
    ours,
    theirs,
    indexSource(source, 'd.example'),
    meantDifferences({ rivalStarted: STARTED, asOf: STARTED }),
  )

describe('comparing with the rival', () => {
  const users: MasRows = { ...none, users: [row({ username: 'alice', is_guest: false })] }

  test('a row that only one has is a difference', () => {
    expect(compare(users, none).unexplained).toEqual(['users: "alice": only ours: ours null, theirs null'])
    expect(compare(none, users).unexplained).toEqual(['users: "alice": only theirs: ours null, theirs null'])
  })

  test('another value is a difference', () => {
    const guest = { ...none, users: [row({ username: 'alice', is_guest: true })] }
    expect(compare(users, guest).unexplained).toEqual(['users: "alice": is_guest: ours false, theirs true'])
  })

  test('the time of a run is meant to differ where Synapse validated no token, and nowhere else', () => {
    const differing = [session(BEFORE), session(NOW)] as const
    expect(compare(...differing, sourceWithTokens(null))).toMatchObject({
      meant: { 'session created: nothing validated': 1 },
      unexplained: [],
    })
    expect(compare(...differing, sourceWithTokens('1000')).unexplained).toHaveLength(1)
    expect(compare(session(NOW), session(BEFORE), sourceWithTokens(null)).unexplained).toHaveLength(1)
  })

  test('of several tokens ours takes the oldest validation', () => {
    const [older, newer] = ['2020-01-01T00:00:00.000Z', '2021-01-01T00:00:00.000Z'] as const
    const source = sourceWithTokens(String(Date.parse(newer)), String(Date.parse(older)))
    expect(compare(session(older), session(newer), source)).toMatchObject({
      meant: { 'session created: several tokens': 1 },
      unexplained: [],
    })
    expect(compare(session(newer), session(older), source).unexplained).toHaveLength(1)
  })
})
