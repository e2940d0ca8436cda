import { describe, expect, it } from 'vitest'
import type { Account } from '../../../../../src/accounts/account.ts'
import { asDatabaseUser } from '../../../../../src/targets/auth0/accounts/linked-user.ts'
import { decodeMarks, encodeMarks, MARKS } from '../../../../../src/targets/auth0/accounts/marks.ts'
import { planAbsence } from '../../../../../src/targets/auth0/accounts/plan-absence.ts'
import { planUser } from '../../../../../src/targets/auth0/accounts/plan-user.ts'
import { isOurPrimary, primaryOf } from '../../../../../src/targets/auth0/accounts/primary-user.ts'
import { wantedUser } from '../../../../../src/targets/auth0/accounts/wanted-user.ts'
import type { PresentUser } from '../../../../../src/targets/auth0/api/user.ts'
import { anna, MXID, migrate, RULES, writer } from './people.ts'
import { emptyTenant, see } from './tenant-model.ts'

const PRIMARY = 'oidc|corp|s1'
const withSubject = (fields: Partial<Account> = {}): Account =>
  anna({ identities: [{ authProvider: 'oidc-corp', providerId: 'corp', subject: 's1' }], ...fields })
const wanted = (account: Account, identity: 'hold_back' | 'leave' = 'hold_back') =>
  wantedUser(account, { ...RULES, conflicts: { identity } })

/** Anna, as she was imported by a run that then died. */
const imported = (): PresentUser => {
  const tenant = emptyTenant()
  migrate(tenant, withSubject(), { runId: 'run-1', killedAfter: 1 })
  const { present } = see(tenant)
  if (present === undefined) throw new Error('nobody there')
  return present
}

const bare = (fields: Partial<PresentUser> = {}): PresentUser => ({
  id: PRIMARY,
  emailVerified: false,
  phoneVerified: false,
  names: {},
  blocked: false,
  appMetadata: {},
  userMetadata: {},
  identities: [{ connection: 'corp', provider: 'oidc', userId: 'corp|s1', isSocial: false }],
  createdAt: 5000,
  loginsCount: 0,
  ...fields,
})

/** Anna, linked to whom SCIM has made, as Auth0 tells of her. */
const linked = (fields: Partial<PresentUser> = {}): PresentUser => {
  const { appMetadata, identities, id: _, createdAt: __, ...profile } = imported()
  const marks = decodeMarks(appMetadata[MARKS])
  if (marks === undefined) throw new Error('no marks')
  return asDatabaseUser(
    bare({
      email: 'of-corp@example.org',
      names: { name: 'Anna of Corp' },
      appMetadata: { ...appMetadata, [MARKS]: encodeMarks({ ...marks, underWay: [] }) },
      identities: [...bare().identities, ...identities.map((own) => ({ ...own, profile }))],
      ...fields,
    }),
    RULES.connection,
  )
}

describe('somebody who is linked to a user of SCIM', () => {
  it('is known by the user_id of their own, and asked for by that of the other', () => {
    expect(linked()).toMatchObject({
      id: imported().id,
      primaryId: PRIMARY,
      email: 'anna@example.org',
      names: { name: 'Anna' },
    })
  })

  it('is as they were wanted, whatever their provider calls them', () => {
    expect(planUser(wanted(withSubject()), { present: linked() }, writer('run-2'))).toMatchObject({
      change: { change: 'unchanged' },
      requests: { kind: 'nothing' },
    })
  })

  it('is changed by requests to the other', () => {
    expect(planUser(wanted(withSubject({ isLocked: true })), { present: linked() }, writer('run-2'))).toMatchObject({
      requests: { kind: 'change', id: PRIMARY, patches: [{ blocked: true }] },
    })
  })

  it('is not called otherwise: that is for their provider to say', () => {
    const renamed = withSubject({ attributes: { name: 'Anne', colour: 'green' } })
    expect(planUser(wanted(renamed), { present: linked() }, writer('run-2')).change.change).toBe('unchanged')
  })

  it('keeps the identity that their user_id is of, in words', () => {
    const { change, requests } = planUser(wanted(anna({ identities: [] })), { present: linked() }, writer('run-2'))
    expect(change).toMatchObject({ change: 'reject', message: expect.stringContaining(PRIMARY) })
    expect(requests.kind).toBe('refuse')
  })

  it('goes with the other', () => {
    expect(planAbsence({ mxid: MXID, decision: 'gone' }, { present: linked() }).requests).toMatchObject({
      kind: 'delete',
      id: imported().id,
      primary: { id: PRIMARY },
    })
  })

  it('is nobody of ours in another database connection', () => {
    const user = bare({ identities: [...bare().identities, ...imported().identities] })
    expect(asDatabaseUser(user, 'others')).toBe(user)
  })
})

describe('a user of the identity that SCIM is to make', () => {
  const seen = (fields: Partial<PresentUser> = {}) => ({ present: imported(), upstream: bare(fields) })
  const kindOf = (fields: Partial<PresentUser>): string =>
    planUser(wanted(withSubject()), seen(fields), writer('run-2')).change.change

  it('is ours where a run died before it could note so', () => {
    expect(kindOf({})).toBe('update')
  })

  it.each([
    ['was there before', { createdAt: 1 }],
    ['has logged in', { loginsCount: 1 }],
    ['has a given name', { names: { given_name: 'Anna' } }],
    ['has metadata', { userMetadata: { colour: 'green' } }],
    ['is linked to somebody', { identities: [...bare().identities, ...bare().identities] }],
  ])('is somebody else who %s', (_, fields) => {
    expect(planUser(wanted(withSubject()), seen(fields), writer('run-2')).change).toMatchObject({
      change: 'conflict',
      reason: 'identity_taken',
      against: expect.stringContaining(PRIMARY),
    })
  })

  it('is ours whenever it has our marks, and not where they are of another account', () => {
    const { appMetadata } = imported()
    expect(kindOf({ appMetadata, loginsCount: 3 })).toBe('update')
    const isOurs = (mxid: string): boolean => mxid === '@bert:example.org'
    expect(isOurPrimary(bare({ appMetadata }), { isOurs, since: 1 })).toBe(false)
  })

  it('is left to who has it where the mapping says so, and all else is done', () => {
    const { change, requests } = planUser(wanted(withSubject(), 'leave'), { upstream: bare() }, writer('run-2'))
    expect(change.rows.find(({ relation }) => relation === 'external_id')).toMatchObject({ create: 0, foreign: 1 })
    expect(requests).toMatchObject({ kind: 'create', wanted: { links: [] } })
    expect(requests).not.toHaveProperty('wanted.primaryId')
  })

  it('is told by the marks of who is imported, so that it can be taken back', () => {
    const present = imported()
    expect(primaryOf(present)).toEqual({ id: PRIMARY, since: present.createdAt })
  })
})

describe('somebody who has logged in before SCIM could make their user', () => {
  it('keeps their user_id, and the identity is left', () => {
    const tenant = emptyTenant()
    migrate(tenant, anna({ identities: [] }), { runId: 'run-1' })
    const { present } = see(tenant)
    if (present === undefined) throw new Error('nobody there')
    const { change } = planUser(wanted(withSubject()), { present: { ...present, loginsCount: 1 } }, writer('run-2'))
    expect(change.rows.find(({ relation }) => relation === 'external_id')).toMatchObject({ create: 0, foreign: 1 })
  })
})
