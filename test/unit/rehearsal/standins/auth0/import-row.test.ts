import { describe, expect, it } from 'vitest'
import { simulatedClock } from '../../../../../src/rehearsal/standins/auth0/clock.ts'
import { type ImportOptions, importRow } from '../../../../../src/rehearsal/standins/auth0/import-row.ts'
import { openTenant } from '../../../../../src/rehearsal/standins/auth0/open-tenant.ts'
import { seenInFile } from '../../../../../src/rehearsal/standins/auth0/seen-in-file.ts'
import { userBody } from '../../../../../src/rehearsal/standins/auth0/user-body.ts'
import { standInUser } from '../../../../support/auth0/users.ts'

const HASH = '$2b$12$nFguVi9LsCAcvTZFKQlRKeLVydo8ETv483lkNsSFI/Wl1Rz1Ypo1K'

const opened = () => {
  const { tenant, connection } = openTenant({ url: 'http://tenant', plan: 'enterprise', clock: simulatedClock() })
  return {
    tenant,
    connection,
    take: (row: unknown, options: ImportOptions = { upsert: false }) => importRow(tenant, connection, row, options),
    ada: () => tenant.users.byId('auth0|ada'),
  }
}

const ADA = {
  user_id: 'ada',
  email: 'Ada@Example.com',
  email_verified: true,
  username: 'Ada.L',
  given_name: 'Ada',
  blocked: true,
  app_metadata: { syn2op: { mxid: '@ada:example.org' } },
  user_metadata: { theme: 'dark' },
}

describe('an imported row', () => {
  it('is a user in the connection, as the API shows them', () => {
    const { take, ada, connection, tenant } = opened()
    expect(take(ADA)).toEqual({ kind: 'inserted' })
    const user = ada()
    const now = new Date(tenant.clock.now()).toISOString()
    expect(user === undefined ? undefined : userBody(user)).toEqual({
      user_id: 'auth0|ada',
      identities: [{ connection: connection.name, provider: 'auth0', user_id: 'ada', isSocial: false }],
      email: 'ada@example.com',
      email_verified: true,
      username: 'ada.l',
      name: 'ada@example.com',
      nickname: 'ada',
      given_name: 'Ada',
      picture: expect.stringMatching(/^https:\/\/s\.gravatar\.com\/avatar\/[0-9a-f]{32}\?/u),
      blocked: true,
      app_metadata: ADA.app_metadata,
      user_metadata: ADA.user_metadata,
      created_at: now,
      updated_at: now,
    })
  })

  it('has an id of its own where it names none', () => {
    const { take, tenant } = opened()
    take({ email: 'ada@example.com' })
    expect([...tenant.users.all()].map(({ userId }) => userId)).toEqual([
      expect.stringMatching(/^auth0\|[0-9a-f]{24}$/u),
    ])
  })

  it('shows nothing that it does not have', () => {
    const body = userBody(standInUser('ada', { username: 'ada' }))
    expect(Object.keys(body).toSorted()).toEqual(
      ['created_at', 'identities', 'name', 'nickname', 'picture', 'updated_at', 'user_id', 'username'].toSorted(),
    )
    expect(body).toMatchObject({ name: 'ada', nickname: 'ada' })
  })

  it('never shows its hash', () => {
    const { take, ada } = opened()
    take({ ...ADA, custom_password_hash: { algorithm: 'bcrypt', hash: { value: HASH }, salt: { value: 'pepper' } } })
    const user = ada()
    expect(user?.password).toMatchObject({ kind: 'imported' })
    expect(JSON.stringify(user === undefined ? '' : userBody(user))).not.toMatch(/\$2b\$|pepper/u)
  })
})

describe('a refused row', () => {
  it('changes nothing', () => {
    const { take, ada, tenant } = opened()
    take(ADA)
    const before = ada()
    expect(take({ ...ADA, email: 'other@example.com' }).kind).toBe('refused')
    expect(take({ ...ADA, username: 'other', blocked: 'no' }, { upsert: true }).kind).toBe('refused')
    expect(take({ ...ADA, app_metadata: { much: 'x'.repeat(11_000) } }, { upsert: true }).kind).toBe('refused')
    expect(ada()).toBe(before)
    expect(tenant.users.count()).toBe(1)
  })

  it('is told everything that is wrong with it at once, each by its code and where it is', () => {
    const { take } = opened()
    expect(take({ email: 'ada', blocked: 1, username: 'a=b', mfa_factors: [{ phone: { value: '1' } }] })).toEqual({
      kind: 'refused',
      errors: expect.arrayContaining([
        {
          code: 'INVALID_TYPE',
          path: 'blocked',
          message: 'Error in blocked property - Expected type boolean but found type integer',
        },
        {
          code: 'INVALID_FORMAT',
          path: 'email',
          message: "Error in email property - Object didn't pass validation for format email: ada",
        },
        expect.objectContaining({ code: 'PATTERN', path: 'username' }),
        expect.objectContaining({ code: 'PATTERN', path: 'mfa_factors[0].phone.value' }),
      ]),
    })
  })

  it.each([[null], ['ada@example.com'], [['ada@example.com']], [7]])('is one that is no object: %j', (row) => {
    expect(opened().take(row)).toMatchObject({ kind: 'refused', errors: [{ code: 'INVALID_TYPE' }] })
  })
})

describe('a row whose user_id somebody has by a link', () => {
  it('is one of a user who is there', () => {
    const { take, tenant, connection } = opened()
    const linked = { connection: connection.name, provider: 'auth0', userId: 'ada', isSocial: false }
    const own = { connection: 'company', provider: 'oidc', userId: 'company|ada', isSocial: false }
    tenant.users.put(standInUser('primary', { identities: [own, linked] }))
    expect(take(ADA)).toMatchObject({ kind: 'refused', errors: [{ code: 'DUPLICATED_USER' }] })
  })
})

describe('rows of one file', () => {
  it('are refused the second time, also with upsert, and not in the next file', () => {
    const { take } = opened()
    const first = { upsert: true, seen: seenInFile() }
    expect(take(ADA, first)).toEqual({ kind: 'inserted' })
    expect(take(ADA, first)).toMatchObject({ kind: 'refused', errors: [{ code: 'DUPLICATED_USER' }] })
    expect(take(ADA, { upsert: true, seen: seenInFile() })).toEqual({ kind: 'updated' })
  })

  it('may have one address where the connection says so', () => {
    const seen = seenInFile(true)
    expect(seen.again({ email: 'office@example.com', username: 'ada' })).toBe(false)
    expect(seen.again({ email: 'office@example.com', username: 'grace' })).toBe(false)
    expect(seen.again({ email: 'office@example.com', username: 'ADA' })).toBe(true)
  })
})

describe('an upserted row', () => {
  it('leaves alone what it does not name, and what cannot be upserted', () => {
    const { take, ada } = opened()
    take({ ...ADA, blocked: false })
    const later = {
      email: 'ada@example.com',
      email_verified: true,
      name: 'Ada Lovelace',
      blocked: true,
      username: 'new',
    }
    expect(take(later, { upsert: true })).toEqual({ kind: 'updated' })
    expect(ada()).toMatchObject({
      names: { given_name: 'Ada', name: 'Ada Lovelace' },
      blocked: false,
      username: 'ada.l',
      appMetadata: ADA.app_metadata,
      userMetadata: ADA.user_metadata,
    })
  })

  it('makes an address one that is not verified where it says nothing of it', () => {
    const { take, ada } = opened()
    take(ADA)
    take({ email: 'ada@example.com' }, { upsert: true })
    expect(ada()).toMatchObject({ emailVerified: false })
  })

  it('replaces a hash that was imported, and no other', () => {
    const custom = (value: string) => ({ custom_password_hash: { algorithm: 'bcrypt', hash: { value } } })
    const { take, ada, tenant } = opened()
    take({ ...ADA, ...custom(HASH) })
    const other = custom(HASH.replace('$12$', '$10$'))
    expect(take({ email: 'ada@example.com', ...other }, { upsert: true })).toEqual({ kind: 'updated' })
    expect(ada()?.password).toEqual({ kind: 'imported', custom: other.custom_password_hash })

    const user = ada()
    if (user !== undefined) tenant.users.put({ ...user, password: { kind: 'own', bcrypt: HASH } })
    expect(take({ email: 'ada@example.com', ...other }, { upsert: true })).toMatchObject({
      kind: 'refused',
      errors: [{ code: 'CONFLICT' }],
    })
  })

  it('inserts whoever is not there', () => {
    const { take, ada } = opened()
    expect(take(ADA, { upsert: true })).toEqual({ kind: 'inserted' })
    expect(ada()).toBeDefined()
  })
})
