import fc from 'fast-check'
import { DEVICES, expiry, ip, LONG, NAMES, passwordHash, secondsOrNull, time, timeOrNull, words } from './values.ts'

/** True now and then. */
const seldom = fc.integer({ min: 0, max: 7 }).map((n) => n === 7)
/** True mostly. */
const often = fc.integer({ min: 0, max: 5 }).map((n) => n < 5)
/** Which of what is there; who is beyond it gets one that is not there. */
const pick = fc.nat({ max: 99 })
const flag = fc.constantFrom(0, 0, 0, 0, 1)

const user = fc.record({
  name: fc.constantFrom(...NAMES),
  password_hash: passwordHash,
  creation_ts: secondsOrNull,
  admin: flag,
  is_guest: flag,
  user_type: fc.constantFrom(null, null, null, 'bot', 'support', 'guide'),
  appservice_id: fc.constantFrom(null, null, null, null, null, 'irc'),
  deactivated: flag,
  shadow_banned: fc.constantFrom(null, false, true),
  approved: fc.constantFrom(null, true, false),
  locked: seldom,
  suspended: seldom,
})

const threepid = fc.record({
  owner: pick,
  medium: fc.constantFrom('email', 'email', 'email', 'msisdn', 'email_old', 'EMAIL'),
  address: fc.constantFrom(
    'a@x.example',
    'A@x.example',
    'b@x.example',
    'c@y.example',
    'd@Y.example',
    'ü@x.example',
    '4477009',
    ' no address ',
    ...LONG,
  ),
  added_at: time,
})

const identity = fc.record({
  owner: pick,
  auth_provider: fc.constantFrom('oidc-one', 'oidc-one', 'oidc-two', 'oidc', 'saml', 'oauth-delegated', 'forgotten'),
  external_id: fc.constantFrom('1', '1', '1', '2', 'subject', 'Subject', ...LONG),
})

const device = fc.record({
  owner: pick,
  device_id: fc.constantFrom('LAPTOP', 'PHONE', 'PHONE', ...DEVICES),
  display_name: words,
  last_seen: timeOrNull,
  ip,
  user_agent: words,
  hidden: fc.constantFrom(false, false, false, false, null, true),
})

/** Where a token belongs: mostly to a device that is there. */
const place = {
  onDevice: often,
  device: pick,
  owner: pick,
  elsewhere: fc.constantFrom(null, null, ...DEVICES),
}

const text = fc.constantFrom('syt', 'syt', 'syt', 'macaroon', 'syx', 'almost', 'short')

const accessToken = fc.record({
  ...place,
  text,
  valid_until_ms: timeOrNull,
  isPuppet: seldom,
  last_validated: timeOrNull,
  refresh: fc.option(pick, { freq: 2, nil: null }),
  followsRefresh: often,
  used: fc.constantFrom(null, false, false, true),
})

const refreshToken = fc.record({
  ...place,
  text: fc.constantFrom('syr', 'syr', 'syr', 'syr', 'opaque'),
  next: fc.option(pick, { freq: 2, nil: null }),
  expiry_ts: expiry,
  ultimate_session_expiry_ts: expiry,
})

const deviceKeys = fc.record({ ...place, ts_added_ms: time })

/** A homeserver by what its rows point at, in numbers, so that fast-check can make it smaller. */
export const homeserverSpec = fc.record({
  users: fc.uniqueArray(user, { size: 'max', maxLength: 12, selector: ({ name }) => name }),
  threepids: fc.array(threepid, { size: 'max', maxLength: 8 }),
  identities: fc.array(identity, { size: 'max', maxLength: 10 }),
  devices: fc.array(device, { size: 'max', maxLength: 14 }),
  accessTokens: fc.array(accessToken, { size: 'max', maxLength: 16 }),
  refreshTokens: fc.array(refreshToken, { size: 'max', maxLength: 8 }),
  deviceKeys: fc.array(deviceKeys, { size: 'max', maxLength: 6 }),
})

export type HomeserverSpec = ReturnType<typeof homeserverSpec.generate>['value']

/** MAS has no primary address, so it follows only rules that leave the others. */
const emails = fc.record({
  primary: fc.constantFrom('oldest', 'newest', 'none'),
  preferDomains: fc.constantFrom([], [], ['y.example'], ['nowhere.example', 'y.example']),
  others: fc.constant('leave'),
})

const rule = fc.constantFrom('migrate', 'migrate', 'migrate', 'hold_back')

export const mappingSpec = fc.record({
  accounts: fc.record({ guests: rule, deactivated: rule, locked: rule, withoutLogin: rule, bots: rule }),
  ghosts: fc.constantFrom([], [], ['^@ghost_'], ['^@ghost_', 'carl']),
  emails: fc.option(emails, { freq: 2, nil: undefined }),
  providers: fc.dictionary(
    fc.constantFrom('oidc', 'saml', 'oidc-one', 'forgotten'),
    fc.constantFrom('oidc-one', 'oidc-two', 'oidc-two', 'leave'),
    { size: 'max', maxKeys: 3, noNullPrototype: true },
  ),
})

export type MappingSpec = ReturnType<typeof mappingSpec.generate>['value']
