import { describe, expect, test } from 'vitest'
import {
  expectPassword,
  expectToken,
  type SourceAccount,
  type SourceToken,
} from '../../../../src/migration/proofs/expectations.ts'

const given = { mxid: '@alice:example.org', device: 'PHONE' }
const source: SourceToken = { ...given, puppet: null, reason: null, expiresMs: null, isLocked: false }
const NOW = 1_800_000_000_000

describe('an old token', () => {
  const reason = (token: Partial<SourceToken>, state: Parameters<typeof expectToken>[2] = 'active') =>
    expectToken({ ...given, device: token.device ?? 'PHONE' }, { ...source, ...token }, state, NOW).reason

  test('that was carried works', () => {
    expect(reason({})).toBeNull()
    expect(reason({ expiresMs: NOW + 1 })).toBeNull()
    expect(expectToken({ mxid: given.mxid }, { ...source, device: null }, undefined, NOW)).toEqual({ reason: null })
  })

  test('that should be at the target and is not is still expected to work: that is a fault', () => {
    expect(reason({}, 'missing')).toBeNull()
  })

  test.each([
    [{ reason: 'account_guest' }, 'active', 'account_guest'],
    [{ isLocked: true }, 'active', 'account_locked'],
    [{ expiresMs: NOW }, 'active', 'token_expired'],
    [{}, 'expired', 'token_expired'],
    [{}, 'session ended', 'session_ended'],
    [{ device: '' }, 'active', 'device_id_not_accepted'],
    [{ device: 'x'.repeat(256) }, 'active', 'device_id_not_accepted'],
    [{ device: 'ü'.repeat(255) }, 'active', null],
    [{ mxid: '@bob:example.org' }, 'active', 'of_somebody_else'],
    [{ reason: 'stays_in_synapse' }, 'stays in Synapse', null],
    [{ reason: 'account_held_back' }, 'active', 'account_held_back'],
    // Synapse goes on with what it has, whoever moves; it knows no bearer without an account.
    [{ reason: 'account_held_back' }, 'stays in Synapse', null],
    [{ reason: 'orphan' }, 'stays in Synapse', 'orphan'],
    [{ reason: 'stays_in_synapse', isLocked: true }, 'stays in Synapse', 'account_locked'],
    [{ reason: 'stays_in_synapse', expiresMs: NOW }, 'stays in Synapse', 'token_expired'],
    [{ reason: 'stays_in_synapse', device: '' }, 'stays in Synapse', null],
    [{ reason: 'stays_in_synapse', device: 'x'.repeat(256) }, 'stays in Synapse', null],
    [{ reason: 'stays_in_synapse', mxid: '@bob:example.org' }, 'stays in Synapse', 'of_somebody_else'],
  ] as const)('with %j, at the target %s, is foretold: %s', (token, state, expected) => {
    expect(reason(token, state)).toBe(expected)
  })

  test('that an administrator has for somebody else moves nowhere, and in Synapse acts as that user still', () => {
    const puppet = '@bob:example.org'
    expect(reason({ puppet, reason: 'puppet_token' })).toBe('puppet_token')
    const staying: SourceToken = { ...source, puppet, reason: 'stays_in_synapse' }
    const foretold = (mxid: string) => expectToken({ mxid }, staying, 'stays in Synapse', NOW).reason
    expect(foretold(given.mxid)).toBe('puppet_token')
    expect(foretold(puppet)).toBeNull()
    expect(foretold('@carol:example.org')).toBe('of_somebody_else')
  })

  test('that Synapse never gave, or gave for another device, does not work', () => {
    expect(expectToken(given, undefined, 'missing', NOW).reason).toBe('not_in_source')
    expect(expectToken({ ...given, device: 'LAPTOP' }, source, 'active', NOW).reason).toBe('of_somebody_else')
  })
})

test.each([
  [{}, null],
  [{ reason: 'appservice_user' }, 'appservice_user'],
  [{ isDeactivated: true }, 'account_deactivated'],
  [{ isLocked: true }, 'account_locked'],
  [{ hasPassword: false }, 'no_password'],
] as const)('of an account with %j the password is foretold: %s', (account, expected) => {
  const usual: SourceAccount = {
    mxid: given.mxid,
    reason: null,
    hasPassword: true,
    isDeactivated: false,
    isLocked: false,
  }
  expect(expectPassword({ ...usual, ...account }).reason).toBe(expected)
  expect(expectPassword(undefined).reason).toBe('not_in_source')
})
