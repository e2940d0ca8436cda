import { describe, expect, it } from 'vitest'
import { PREDICTION_KINDS, PREDICTION_REASONS, type PredictedRow } from '../../../../src/accounts/predictions.ts'
import { predictionWords } from '../../../../src/migration/explain/predictions.ts'
import { PREDICTIONS } from '../../../../src/report/explanation.ts'

const row = (more: Partial<PredictedRow> & Pick<PredictedRow, 'what' | 'reason'>): PredictedRow => ({
  mxid: '@a:example.org',
  deviceId: null,
  name: null,
  ...more,
})

describe('what will change for an account, in words', () => {
  it.each([
    [
      row({ what: 'login stops', reason: 'token_not_accepted', deviceId: 'PHONE' }),
      'login_ends',
      'The login on device PHONE ends (a format that MAS refuses).',
    ],
    [
      row({ what: 'login stops', reason: 'puppet_token' }),
      'login_ends',
      'The login of no device ends (an administrator’s token for somebody else).',
    ],
    [
      row({ what: 'login stops', reason: 'device_refused', deviceId: '' }),
      'device_refused',
      'The login on the device without a name ends: Synapse refuses a device id that is empty or longer than 255 characters.',
    ],
    [
      row({ what: 'token stops', reason: 'superseded', deviceId: 'PHONE' }),
      'token_ends',
      'A token on device PHONE stops working (replaced by a newer token); the login there goes on with another.',
    ],
    [
      row({ what: 'way in stops', reason: 'provider_left', name: 'oidc-old' }),
      'identity_ends',
      'Logging in through oidc-old stops working (provider left by the mapping).',
    ],
    [
      row({ what: 'way in stops', reason: 'passwords_off' }),
      'password_ends',
      'Logging in with the password stops working (the target takes no passwords).',
    ],
    [
      row({ what: 'no new login', reason: 'provider_off' }),
      'no_way_to_log_in',
      'Nobody can log in anew: its SSO provider is switched off at the target.',
    ],
    [row({ what: 'account opens', reason: 'shadow_banned' }), 'shadow_ban_ends', 'Its shadow ban ends.'],
    [
      row({ what: 'account closes', reason: 'locked' }),
      'account_stays_behind',
      'Nobody can log in to this account any more, and its sessions end: it is held back (locked).',
    ],
    [
      row({ what: 'device is deleted', reason: 'account_guest', deviceId: 'guest_device' }),
      'device_deleted',
      'The next sync deletes device guest_device with its encryption keys (of a guest).',
    ],
    [
      row({ what: 'e-mail is deleted', reason: 'too_long_for_index', name: 'a@x' }),
      'email_deleted',
      'The next sync deletes the e-mail address a@x (too long for the target’s index).',
    ],
  ] as const)('%j', (predicted, code, message) => {
    expect(predictionWords(predicted)).toEqual({ code, message })
  })

  it('has a sentence of a code of its own for every kind, whatever the reason', () => {
    const openings = ['shadow_banned', 'unapproved', 'expired']
    const codes = PREDICTION_KINDS.flatMap((what) =>
      Object.keys(PREDICTION_REASONS)
        .filter((reason) => what !== 'account opens' || openings.includes(reason))
        .map((reason) => predictionWords(row({ what, reason })).code),
    )
    expect(new Set(codes)).toEqual(new Set(PREDICTIONS))
  })
})
