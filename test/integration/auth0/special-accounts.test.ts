import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEMO } from '../../../src/rehearsal/demo/constants.ts'
import { namesOn } from '../../../src/rehearsal/demo/rows.ts'
import type { Readings } from '../../../src/rehearsal/standins/auth0/readings.ts'
import type { User } from '../../../src/rehearsal/standins/auth0/tenant.ts'
import { userBody } from '../../../src/rehearsal/standins/auth0/user-body.ts'
import { userIdOf } from '../../../src/targets/auth0/accounts/user-id.ts'
import type { Outcome } from '../../../src/targets/changes.ts'
import { openRuns, type Runs } from '../../support/auth0/faults/runs.ts'
import type { TestSource } from '../../support/auth0/faults/source.ts'
import { type FaultyTenant, faultyTenant } from '../../support/auth0/faults/tenant.ts'
import { SPECIAL_ACCOUNTS } from '../../support/auth0/special/accounts.ts'
import { makeSpecialHomeserver, type SpecialHomeserver } from '../../support/auth0/special/homeserver.ts'
import { password as passwordOf, type SpecialAccount } from '../../support/auth0/special/special-account.ts'
import { printSpecial, type SpecialEnd } from '../../support/auth0/special/table.ts'
import { testPostgres } from '../../support/postgres.ts'

const at = namesOn(DEMO.serverName)

const sourceOf = (people: Omit<SpecialHomeserver, 'name'>): Promise<TestSource> =>
  makeSpecialHomeserver(testPostgres(), { name: `auth0_special_${randomBytes(4).toString('hex')}`, ...people })

const userOf = ({ standIn }: FaultyTenant, localpart: string): User | undefined =>
  standIn.tenant.users.byId(userIdOf(standIn.connection.name, at(localpart)))

const outcomesIn = (told: readonly Outcome[]): Readonly<Record<string, string>> =>
  Object.fromEntries(told.map(({ mxid, outcome }) => [mxid, outcome]))

/** A connection that has usernames, and asks everybody for an e-mail address as connections do from the beginning. */
const WITH_EMAIL = { requires_username: true, validation: { username: { min: 1, max: 128 } } }

let source: TestSource

beforeAll(async () => {
  source = await sourceOf({ accounts: SPECIAL_ACCOUNTS, pepper: DEMO.pepper })
})

describe('at a tenant that is told the pepper, where nobody needs an e-mail address', () => {
  let tenant: FaultyTenant
  let runs: Runs
  let told: ReadonlyMap<string, Outcome>
  const ends: SpecialEnd[] = []

  beforeAll(async () => {
    tenant = await faultyTenant()
    runs = await openRuns(source, tenant)
    const planned = await runs.plan()
    const run = await runs.migrate()
    expect(run.document.outcomes).toEqual(planned.outcomes)
    told = new Map(run.told.map((one) => [one.mxid, one]))
  })
  afterAll(async () => {
    printSpecial(ends)
    await runs?.[Symbol.asyncDispose]()
    await tenant?.[Symbol.asyncDispose]()
  })

  const seen = async (): Promise<unknown> => {
    const { differences, refused } = await runs.verify()
    return { differences, refused }
  }

  const rejected = SPECIAL_ACCOUNTS.flatMap(({ localpart, becomes }) => (becomes === 'rejected' ? [at(localpart)] : []))

  it('everybody is as they were to be, but for whom Auth0 does not take', async () => {
    expect(await seen()).toEqual({ differences: [], refused: rejected.length })
  })

  it.each(SPECIAL_ACCOUNTS)('$what', async (account) => {
    const { localpart, becomes, because, left = 0, user: wanted = {}, password } = account
    const outcome = told.get(at(localpart))
    expect(outcome?.outcome).toBe(becomes)
    const user = userOf(tenant, localpart)
    if (because !== undefined) expect([outcome?.reason, outcome?.message]).toContain(because)
    if (becomes !== 'created') {
      ends.push({ account, why: because ?? '' })
      expect(user).toBeUndefined()
      return
    }
    if (user === undefined) throw new Error('nobody is there')
    const body = userBody(user)
    expect(body).toMatchObject(wanted)
    expect(outcome?.rows.find(({ relation }) => relation === 'threepid')?.foreign ?? 0).toBe(left)
    if (account.lacks !== undefined) expect(body).not.toHaveProperty(account.lacks)
    const tried: string[] = []
    for (const { typed, as: spoken, ends: end } of account.logins ?? [{ typed: password?.typed ?? '', ends: 'in' }]) {
      const { loggedIn } = await runs.logIn(at(localpart), typed)
      expect(loggedIn ? 'in' : 'refused', spoken).toBe(end)
      tried.push(spoken === undefined ? end : `${spoken}: ${end}`)
    }
    ends.push({ account, body, tried, left })
  })

  it('nobody is different for having logged in', async () => {
    expect(await seen()).toEqual({ differences: [], refused: rejected.length })
  })
})

describe('the pepper', () => {
  it('stops everything as long as nobody has agreed that Auth0 learns it', async () => {
    await using tenant = await faultyTenant({ config: { pepper: 'withhold' } })
    await using runs = await openRuns(source, tenant)
    await expect(runs.migrate()).rejects.toMatchObject({
      code: 'check.errors',
      problems: [expect.objectContaining({ message: expect.stringMatching(/^AUTH0_PEPPER: /u) })],
    })
    expect(tenant.newcomers().size).toBe(0)
  })

  it('is not told where no passwords are carried: everybody comes, and nobody can log in by one', async () => {
    await using tenant = await faultyTenant({ config: { pepper: 'withhold', passwords: 'leave' } })
    await using runs = await openRuns(source, tenant)
    const { told } = await runs.migrate()
    expect(outcomesIn(told)).toMatchObject({ [at('plain')]: 'created', [at('kind-2x')]: 'created' })
    expect(userOf(tenant, 'plain')?.password).toEqual({ kind: 'random' })
    expect(await runs.logIn(at('plain'), 'of plain')).toMatchObject({ loggedIn: false })
  })

  it('is no matter to a homeserver that has none: hashes go without salt, and work', async () => {
    await using tenant = await faultyTenant({ config: { pepper: 'withhold' } })
    const accounts = SPECIAL_ACCOUNTS.filter(({ localpart }) => localpart === 'cheap')
    await using runs = await openRuns(await sourceOf({ accounts }), tenant)
    await runs.migrate()
    expect(userOf(tenant, 'cheap')?.password).toMatchObject({ custom: { algorithm: 'bcrypt' } })
    expect(JSON.stringify(userOf(tenant, 'cheap')?.password)).not.toContain('salt')
    expect(await runs.logIn(at('cheap'), 'of cheap')).toMatchObject({ loggedIn: true })
  })
})

describe('where what Auth0 publishes can be read in two ways', () => {
  const FITS = { localpart: 'fits', typed: '8-bytes!' }
  const LONGER = { localpart: 'longer', typed: '20-bytes-of-password' }
  const SPACED = { localpart: 'spaced-too', typed: 'four words and spaces' }
  const UMLAUT = { localpart: 'umlaut-too', typed: 'Grüße' }
  const ACCOUNTS = [FITS, LONGER, SPACED, UMLAUT].map(
    ({ localpart, typed }): SpecialAccount => ({
      what: typed,
      localpart,
      password: passwordOf(typed),
      becomes: 'created',
    }),
  )
  // As many letters as the usual tools make.
  const LONG_PEPPER = 'p3'.repeat(32)
  const JOINED: Partial<Readings> = { cutTo72: 'joined' }
  const CUT: Partial<Readings> = { cutTo72: 'password' }
  const SETTABLE: Partial<Readings> = { lettersAtLogin: '33 to 126' }
  let peppered: TestSource
  let unpeppered: TestSource

  beforeAll(async () => {
    peppered = await sourceOf({ accounts: ACCOUNTS, pepper: LONG_PEPPER })
    unpeppered = await sourceOf({ accounts: ACCOUNTS })
  })

  it.each([
    ['a pepper of 64 bytes is cut with the password', JOINED, LONG_PEPPER, [FITS, LONGER, SPACED, UMLAUT]],
    ['of 72 bytes a pepper of 64 leaves 8 to the password', CUT, LONG_PEPPER, [FITS, UMLAUT]],
    ['the same, and there is no pepper', CUT, undefined, [FITS, LONGER, SPACED, UMLAUT]],
    ['a login takes those letters alone that a password is set with', SETTABLE, undefined, [FITS, LONGER]],
  ])('%s: all come, and log in who can', async (_, readings, pepper, getIn) => {
    await using tenant = await faultyTenant({ readings })
    await using runs = await openRuns(pepper === undefined ? unpeppered : peppered, tenant)
    const { told } = await runs.migrate()
    expect(told.map(({ outcome }) => outcome)).toEqual(ACCOUNTS.map(() => 'created'))
    const loggedIn: string[] = []
    for (const { localpart, typed } of [FITS, LONGER, SPACED, UMLAUT])
      if ((await runs.logIn(at(localpart), typed)).loggedIn) loggedIn.push(localpart)
    expect(loggedIn).toEqual(getIn.map(({ localpart }) => localpart))
  })
})

describe('people without an e-mail address, at a connection that requires one', () => {
  it('stop everything unless it is said that they are not moved', async () => {
    await using tenant = await faultyTenant({ options: WITH_EMAIL })
    await using runs = await openRuns(source, tenant)
    await expect(runs.migrate()).rejects.toMatchObject({
      code: 'check.errors',
      problems: [expect.objectContaining({ message: expect.stringMatching(/^AUTH0_EMAIL_REQUIRED: /u) })],
    })
    expect(tenant.newcomers().size).toBe(0)
  })

  it('are left behind, each by name, where it is said, and the others come', async () => {
    await using tenant = await faultyTenant({ options: WITH_EMAIL, config: { email: { without: 'refuse' } } })
    await using runs = await openRuns(source, tenant)
    const { told } = await runs.migrate()
    const outcomes = outcomesIn(told)
    expect(outcomes).toMatchObject({
      [at('plain')]: 'created',
      [at('addressless')]: 'rejected',
      [at('gone')]: 'rejected',
    })
    expect(told.find(({ mxid }) => mxid === at('addressless'))?.message).toBe(
      'it has no e-mail address that Auth0 takes as its first one, and the connection requires one',
    )
    expect(await runs.logIn(at('two-mails'), 'of mails')).toMatchObject({ loggedIn: true })
  })
})
