import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Account } from '../../../../../src/accounts/account.ts'
import { planUser } from '../../../../../src/targets/auth0/accounts/plan-user.ts'
import { upsertRow } from '../../../../../src/targets/auth0/accounts/upsert-row.ts'
import type { UserPatch } from '../../../../../src/targets/auth0/accounts/user-patch.ts'
import { wantedUser } from '../../../../../src/targets/auth0/accounts/wanted-user.ts'
import type { RowChanges } from '../../../../../src/targets/changes.ts'
import {
  account,
  anna,
  byImportAlone,
  DEEDS,
  hashOf,
  holdings,
  MXID,
  migrate,
  plan,
  RULES,
  TAKES,
  USES,
  withPassword,
  writer,
} from './people.ts'
import { edit, emptyTenant, type ModelUser, see, type TenantModel } from './tenant-model.ts'

const counted = (rows: readonly RowChanges[], relation: RowChanges['relation']): RowChanges | undefined =>
  rows.find((row) => row.relation === relation)

const tenantWith = (...states: readonly Account[]): TenantModel => {
  const tenant = emptyTenant()
  for (const [index, state] of states.entries()) migrate(tenant, state, { runId: `run-${index + 1}` })
  return tenant
}

describe('an account that Auth0 does not have', () => {
  it('is created with all of its rows', () => {
    const { change } = plan(emptyTenant(), anna())
    expect(change.change).toBe('create')
    expect(change.rows.map(({ relation, create }) => [relation, create])).toEqual([
      ['account', 1],
      ['password', 1],
      ['threepid', 4],
      ['external_id', 1],
    ])
  })

  it('is found as it was written, whatever it has', () => {
    fc.assert(
      fc.property(account, (one) => {
        const tenant = tenantWith(one)
        const { change, requests } = plan(tenant, one, { runId: 'run-2' })
        expect(change.change).toBe('unchanged')
        expect(requests.kind).toBe('nothing')
        for (const { create, update, remove, theirs } of change.rows) {
          expect([create, update, remove, theirs]).toEqual([0, 0, 0, 0])
        }
      }),
    )
  })

  it('counts every row of the source once', () => {
    fc.assert(
      fc.property(account, (one) => {
        const { rows } = plan(emptyTenant(), one).change
        const count = (relation: RowChanges['relation']): number => {
          const row = counted(rows, relation)
          return (row?.create ?? 0) + (row?.foreign ?? 0)
        }
        expect(count('threepid')).toBe(one.threepids.length)
        expect(count('external_id')).toBe(one.identities.length)
      }),
    )
  })

  it('is refused in words where Auth0 would not take it', () => {
    const { change, requests } = plan(emptyTenant(), anna({ passwordHash: hashOf('a').replace('$2b$', '$2x$') }))
    expect(change).toMatchObject({ change: 'reject', message: expect.stringContaining('$2b$') })
    expect(requests.kind).toBe('refuse')
  })
})

const inTime = fc.oneof(
  fc.array(byImportAlone, { minLength: 1, maxLength: 5 }),
  fc.array(withPassword, { minLength: 1, maxLength: 5 }),
)
const threeInTime = fc.oneof(
  fc.tuple(byImportAlone, byImportAlone, byImportAlone),
  fc.tuple(withPassword, withPassword, withPassword),
)

describe('an account that changes in the source', () => {
  it('ends as if it had been created so', () => {
    fc.assert(
      fc.property(inTime, (states) => {
        const last = states.at(-1) ?? anna()
        expect(holdings(tenantWith(...states))).toEqual(holdings(tenantWith(last)))
      }),
      { numRuns: 250 },
    )
  })

  it('ends the same where a run was killed between any two of its requests', () => {
    fc.assert(
      fc.property(threeInTime, fc.nat({ max: 6 }), ([first, second, third], killedAfter) => {
        const tenant = tenantWith(first)
        migrate(tenant, second, { runId: 'run-2', killedAfter })
        migrate(tenant, third, { runId: 'run-3' })
        expect(holdings(tenant)).toEqual(holdings(tenantWith(third)))
        expect(plan(tenant, third, { runId: 'run-4' }).requests.kind).toBe('nothing')
      }),
      { numRuns: 250 },
    )
  })

  it('is patched, one identifier a time', () => {
    const tenant = tenantWith(anna())
    const { requests, change } = plan(
      tenant,
      anna({
        username: 'anna2',
        primaryEmail: 'other@example.org',
        threepids: anna().threepids.filter(({ address }) => address !== '491701234567'),
      }),
      { runId: 'run-2' },
    )
    if (requests.kind !== 'change') throw new Error(requests.kind)
    expect(requests.patches.map(withoutMetadata)).toEqual([
      { email: 'other@example.org', email_verified: true, verify_email: false },
      { username: 'anna2' },
      { phone_number: '+491701234568', phone_verified: true },
    ])
    expect(requests.frees).toEqual({ email: 'anna@example.org', username: 'anna', phone: '+491701234567' })
    expect(counted(change.rows, 'threepid')).toMatchObject({ update: 3, remove: 1, create: 0 })
  })

  it('keeps what somebody else noted beside ours', () => {
    const tenant = tenantWith(anna())
    edit(tenant, (user) => withMatrix(user, (matrix) => ({ ...matrix, badge: 7 })))
    migrate(tenant, anna({ isAdmin: true }), { runId: 'run-2' })
    expect(tenant.user?.appMetadata['matrix']).toMatchObject({ badge: 7, admin: true })
  })

  it('gets another password while nobody has used it, found by its address, and keeps the run that made it', () => {
    const tenant = tenantWith(anna())
    const { createdAt } = tenant.user ?? {}
    const { change, requests } = migrate(tenant, anna({ passwordHash: hashOf('b'), isAdmin: true }), { runId: 'run-2' })
    expect(requests.kind).toBe('rehash')
    expect(counted(change.rows, 'password')).toMatchObject({ update: 1 })
    expect(tenant.user).toMatchObject({ createdAt, hash: hashOf('b'), appMetadata: { syn2op: { run: 'run-1' } } })
  })

  it('gets one for which nobody knows a password where the source has none any more', () => {
    const { passwordHash: _, ...without } = anna()
    const { requests } = plan(tenantWith(anna()), without, { runId: 'run-2' })
    if (requests.kind !== 'rehash') throw new Error(requests.kind)
    const [one, other] = [upsertRow(requests), upsertRow(requests)].map((row) => row.custom_password_hash.hash.value)
    expect(one).toMatch(/^\$2b\$12\$[./A-Za-z0-9]{53}$/u)
    expect(one).not.toBe(other)
  })

  it.each([
    ['has no address', TAKES, { primaryEmail: '', threepids: [] }],
    ['is of a connection in which several may have the same', { ...TAKES, sharesEmails: true as const }, {}],
  ])('is made anew for another password, with the same user_id, who %s', (_, takes, fields) => {
    const before = anna(fields)
    const tenant = tenantWith(before)
    const wanted = wantedUser({ ...before, passwordHash: hashOf('b') }, { ...RULES, takes })
    const { requests } = planUser(wanted, see(tenant), writer('run-2'))
    expect(requests).toMatchObject({ kind: 'reimport', id: tenant.user?.id, marks: { createdBy: 'run-1' } })
  })

  it('is made anew for its first password: Auth0 takes none by an import that comes later', () => {
    const { passwordHash: _, ...without } = anna()
    const tenant = tenantWith(without)
    const { id } = tenant.user ?? {}
    const { change, requests } = migrate(tenant, anna({ isAdmin: true }), { runId: 'run-2' })
    expect(requests).toMatchObject({ kind: 'reimport', id })
    expect(counted(change.rows, 'password')).toMatchObject({ create: 1 })
    expect(tenant.user).toMatchObject({ id, hash: hashOf('a'), appMetadata: { syn2op: { run: 'run-1' } } })
  })

  it('is blocked before it waits for the import of another password', () => {
    const tenant = tenantWith(anna())
    const locked = anna({ passwordHash: hashOf('b'), isLocked: true })
    migrate(tenant, locked, { runId: 'run-2', killedAfter: 1 })
    expect(tenant.user).toMatchObject({ blocked: true, hash: hashOf('a') })
    migrate(tenant, locked, { runId: 'run-3' })
    expect(tenant.user).toMatchObject({ blocked: true, hash: hashOf('b') })
  })
  for (const { what, do: deed } of USES) {
    it(`is not made anew: the password of who ${what} and has no address is theirs, and all else follows the source`, () => {
      const { primaryEmail: _, ...one } = anna({ threepids: [] })
      const tenant = tenantWith(one)
      edit(tenant, deed)
      const { hash } = tenant.user ?? {}
      const changed = { ...one, passwordHash: hashOf('b'), isLocked: true }
      const { change } = migrate(tenant, changed, { runId: 'run-2' })
      expect(counted(change.rows, 'password')).toMatchObject({ theirs: 1, update: 0 })
      expect(tenant.user).toMatchObject({ hash, blocked: true })
    })

    it(`loses nothing by another password: who ${what}`, () => {
      const tenant = tenantWith(anna())
      edit(tenant, deed)
      const { hash, names, userMetadata, identities, appMetadata, loginsCount = 0 } = tenant.user ?? {}
      const { change } = migrate(tenant, anna({ passwordHash: hashOf('b') }), { runId: 'run-2' })
      const isUsed = loginsCount > 0
      expect(counted(change.rows, 'password')).toMatchObject(isUsed ? { theirs: 1 } : { update: 1 })
      expect(tenant.user).toMatchObject({ names, userMetadata, identities, hash: isUsed ? hash : hashOf('b') })
      expect(tenant.user?.appMetadata).toEqual({ ...appMetadata, syn2op: expect.anything() })
    })
  }

  it('is no change of the password where its owner has logged in with it', () => {
    const tenant = tenantWith(anna())
    edit(tenant, (user) => ({ ...user, loginsCount: 3, lastLogin: 5000, hash: 'own' }))
    expect(counted(plan(tenant, anna()).change.rows, 'password')).toMatchObject({ unchanged: 1, theirs: 0 })
  })

  it('takes away the link of an identity that the source has no longer, also where the Action has made it', () => {
    const tenant = tenantWith(anna())
    const linked = { connection: 'google-oauth2', provider: 'google-oauth2', userId: 'g1', isSocial: true }
    edit(tenant, (user) => ({ ...user, identities: [...user.identities, linked], loginsCount: 1, lastLogin: 5000 }))
    expect(plan(tenant, anna()).change.change).toBe('unchanged')
    const { change } = migrate(tenant, anna({ identities: [] }), { runId: 'run-2' })
    expect(counted(change.rows, 'external_id')).toMatchObject({ remove: 1 })
    expect(tenant.user?.identities).toHaveLength(1)
    expect(tenant.user?.appMetadata['matrix']).not.toHaveProperty('external_ids')
    expect(plan(tenant, anna({ identities: [] })).requests.kind).toBe('nothing')
  })

  it('is refused where somebody has filled the profile so that nothing more goes in', () => {
    const tenant = tenantWith(anna())
    edit(tenant, (user) =>
      withMatrix(user, (matrix) => ({
        ...matrix,
        emails: Array.from({ length: 320 }, (_, n) => `somebody-${n}@example.org`),
      })),
    )
    const wanted = anna({ attributes: { name: 'Anna', colour: 'x'.repeat(3000) } })
    expect(plan(tenant, wanted, { runId: 'run-2' }).requests).toMatchObject({
      kind: 'refuse',
      words: expect.stringContaining('bytes'),
    })
  })
})

const withoutMetadata = (patch: UserPatch): unknown => {
  const { app_metadata: _, ...fields } = patch
  return fields
}

const withMatrix = (
  user: ModelUser,
  change: (matrix: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>,
): ModelUser => ({
  ...user,
  appMetadata: { ...user.appMetadata, matrix: change({ ...(user.appMetadata['matrix'] as object) }) },
})

describe('what somebody has changed at Auth0', () => {
  for (const { what, relation, do: deed, stays } of DEEDS) {
    it(`is told as theirs, and stays whatever the source does: of who ${what}`, () => {
      fc.assert(
        fc.property(account, account, (before, after) => {
          const first = { ...anna(), ...before, isLocked: false, isDeactivated: false, passwordHash: hashOf('a') }
          const [full, then] = [withAll(first), withAll({ ...after, isLocked: false, isDeactivated: false })]
          const tenant = tenantWith(full)
          edit(tenant, deed)
          const kept = stays(tenant.user as ModelUser)
          expect(counted(plan(tenant, full, { runId: 'run-2' }).change.rows, relation)?.theirs).toBeGreaterThan(0)
          migrate(tenant, full, { runId: 'run-2' })
          migrate(tenant, { ...then, passwordHash: hashOf('b') }, { runId: 'run-3' })
          expect(stays(tenant.user as ModelUser)).toEqual(kept)
        }),
        { numRuns: 100 },
      )
    })
  }

  it('is let in by nobody: a block of theirs stays when a lock of the source comes and goes', () => {
    const tenant = tenantWith(anna())
    edit(tenant, (user) => ({ ...user, blocked: true }))
    migrate(tenant, anna({ isLocked: true }), { runId: 'run-2' })
    migrate(tenant, anna(), { runId: 'run-3' })
    expect(tenant.user?.blocked).toBe(true)
  })

  it('is a conflict where our marks are no longer as they were written', () => {
    const tenant = tenantWith(anna())
    for (const syn2op of [undefined, 'by hand', { ...(tenant.user?.appMetadata['syn2op'] as object), mxid: '@b:x' }]) {
      edit(tenant, (user) => ({ ...user, appMetadata: { ...user.appMetadata, syn2op } }))
      const { change, requests } = plan(tenant, anna(), { runId: 'run-2' })
      expect(change).toMatchObject({ mxid: MXID, change: 'conflict', reason: 'username_taken' })
      expect(requests.kind).toBe('nothing')
    }
  })
})

/** With an address and a phone in Auth0's own fields, for somebody to change. */
const withAll = (one: Account): Account => ({ ...one, threepids: anna().threepids, primaryEmail: 'anna@example.org' })

describe('what is told of a plan', () => {
  it('has no secret in it', () => {
    fc.assert(
      fc.property(account, account, (before, after) => {
        const tenant = tenantWith(before)
        for (const { change } of [plan(emptyTenant(), after), plan(tenant, after)]) {
          expect(JSON.stringify(change)).not.toContain('$2b$')
        }
      }),
    )
    expect(JSON.stringify(wantedUser(anna(), RULES))).toContain('$2b$')
  })
})
