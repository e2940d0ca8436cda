import { describe, expect, it } from 'vitest'
import { threepidDigest } from '../../../../../src/targets/auth0/accounts/digests.ts'
import { encodeMarks, MARKS } from '../../../../../src/targets/auth0/accounts/marks.ts'
import { userIdOf } from '../../../../../src/targets/auth0/accounts/user-id.ts'
import type { PresentUser } from '../../../../../src/targets/auth0/api/user.ts'
import type { Identifier } from '../../../../../src/targets/auth0/census/census-file.ts'
import { mayGiveUp } from '../../../../../src/targets/auth0/plan/holders.ts'

const MXID = '@anna:example.org'
const EMAIL = 'anna@example.org'
const PHONE = '+491701234567'
const OURS = { serverName: 'example.org', connection: 'people' }

/** Whom we wrote, with an address and a number that we wrote too. */
const anna: PresentUser = {
  id: userIdOf('people', MXID),
  username: 'anna',
  email: EMAIL,
  emailVerified: true,
  phoneNumber: PHONE,
  phoneVerified: true,
  names: {},
  blocked: false,
  appMetadata: {
    [MARKS]: encodeMarks({
      mxid: MXID,
      server: 'example.org',
      createdBy: 'run-1',
      account: 'a'.repeat(22),
      blocked: false,
      attributes: [],
      threepids: [
        { digest: threepidDigest(MXID, { place: 'email', value: EMAIL }) },
        { digest: threepidDigest(MXID, { place: 'phone', value: PHONE }) },
      ],
      links: [],
      underWay: [],
    }),
  },
  userMetadata: {},
  identities: [],
  loginsCount: 0,
}

const ALL: readonly Identifier[] = ['username', 'email', 'phone']

const given = (holder: PresentUser, whose = OURS): readonly Identifier[] =>
  ALL.filter((kind) => mayGiveUp({ holder, kind }, whose))

describe('a name may be taken from whom we gave it', () => {
  it('as we wrote it, in whatever letters the homeserver is called', () => {
    expect(given(anna)).toEqual(ALL)
    expect(given(anna, { ...OURS, serverName: 'Example.ORG' })).toEqual(ALL)
  })

  it('but no address or number that they have chosen since', () => {
    expect(given({ ...anna, email: 'chosen@example.org' })).toEqual(['username', 'phone'])
    expect(given({ ...anna, phoneNumber: '+4930' })).toEqual(['username', 'email'])
    const { email: _, phoneNumber: __, ...without } = anna
    expect(given(without)).toEqual(['username'])
  })

  it.each([
    ['is of nobody’s', { ...anna, appMetadata: {} }, OURS],
    ['was written for another homeserver', anna, { ...OURS, serverName: 'example.com' }],
    ['was written into another connection', anna, { ...OURS, connection: 'others' }],
  ])('and nothing where the user %s', (_what, holder, whose) => {
    expect(given(holder, whose)).toEqual([])
  })
})
