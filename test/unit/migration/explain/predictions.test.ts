import { describe, expect, it } from 'vitest'
import { predict } from '../../../../src/migration/explain/predictions.ts'
import type { ExplainedAccount, ExplainedRow } from '../../../../src/report/explanation.ts'

const account: ExplainedAccount = {
  decision: 'migrate',
  createdAt: '2020-01-01T00:00:00.000Z',
  admin: false,
  guest: false,
  locked: false,
  deactivated: false,
  shadowBanned: false,
  approved: true,
  expired: false,
}

const password: ExplainedRow = { relation: 'password', form: 'bcrypt, cost 12', decision: 'carry' }
const device: ExplainedRow = { relation: 'session', deviceId: 'PHONE', decision: 'carry' }
const token = (more: Partial<Extract<ExplainedRow, { relation: 'access_token' }>> = {}): ExplainedRow => ({
  relation: 'access_token',
  deviceId: 'PHONE',
  form: 'syt_…',
  decision: 'carry',
  ...more,
})
const refreshToken: ExplainedRow = { relation: 'refresh_token', deviceId: 'PHONE', form: 'syr_…', decision: 'carry' }

const codes = (rows: readonly ExplainedRow[], of: ExplainedAccount = account) =>
  predict(of, rows).map(({ code }) => code)

describe('what will change for an account', () => {
  it('is nothing for a person whose password, device and token are carried', () => {
    expect(codes([password, device, token()])).toEqual([])
  })

  it('a login goes on while one of its tokens is carried', () => {
    const superseded = token({ decision: 'leave', reason: 'superseded' })
    expect(codes([password, device, superseded, refreshToken])).toEqual([])
    expect(predict(account, [password, device, superseded])).toEqual([
      { code: 'login_ends', message: 'The login on device PHONE ends (replaced by a newer token).' },
    ])
  })

  it("an administrator's token for somebody else is nobody's login", () => {
    expect(codes([password, token({ decision: 'leave', reason: 'puppet_token' })])).toEqual([])
  })

  it('a token of no device is a login of its own', () => {
    const { deviceId: _, ...deviceless } = token({ decision: 'leave', reason: 'token_not_accepted' }) as Extract<
      ExplainedRow,
      { relation: 'access_token' }
    >
    expect(predict(account, [password, device, token(), deviceless])).toEqual([
      { code: 'login_ends', message: 'The login of no device ends (a format that MAS refuses).' },
    ])
  })

  it.each(['', 'x'.repeat(256)])('Synapse refuses the device id %j', (deviceId) => {
    expect(codes([password, { ...device, deviceId }, token({ deviceId })])).toEqual(['device_refused'])
  })

  it('a device or e-mail that is left is deleted by the next sync; a cross-signing key is no device', () => {
    expect(
      codes([
        password,
        { ...device, decision: 'leave', reason: 'account_guest' },
        { ...device, decision: 'leave', reason: 'hidden_device' },
        { relation: 'threepid', medium: 'email', address: 'a@x', decision: 'leave', reason: 'too_long_for_index' },
        { relation: 'threepid', medium: 'email_old', address: 'a@x', decision: 'leave', reason: 'email_old' },
      ]),
    ).toEqual(['device_deleted', 'email_deleted'])
  })

  it('nobody gets in anew without a password and an SSO identity that the target knows', () => {
    const identity = { relation: 'external_id', authProvider: 'oidc', subject: '1' } as const
    expect(codes([{ ...identity, decision: 'carry' }])).toEqual([])
    expect(codes([{ ...identity, decision: 'leave', reason: 'provider_not_configured' }])).toEqual([
      'no_way_to_log_in',
      'identity_ends',
    ])
    expect(codes([{ ...identity, decision: 'leave', reason: 'oauth_delegated' }])).toEqual(['no_way_to_log_in'])
    expect(codes([{ ...password, form: 'no bcrypt hash' }])).toEqual(['password_does_not_fit'])
  })

  it('what Synapse shut out and the target does not is open', () => {
    const shutOut = { ...account, shadowBanned: true, approved: false, expired: true }
    expect(codes([password], shutOut)).toEqual(['shadow_ban_ends', 'opens_unapproved', 'opens_expired'])
  })

  it('an account that is held back ends, unless it never logs in through the provider', () => {
    expect(codes([], { ...account, decision: 'hold back', reason: 'locked' })).toEqual(['account_stays_behind'])
    expect(codes([], { ...account, decision: 'hold back', reason: 'appservice_user' })).toEqual([])
  })

  it('of a deactivated account only what a sync would delete is told', () => {
    const left = { ...device, decision: 'leave', reason: 'account_deactivated' } as const
    const ended = token({ decision: 'leave', reason: 'account_deactivated' })
    expect(codes([left, ended], { ...account, deactivated: true })).toEqual(['device_deleted'])
  })
})
