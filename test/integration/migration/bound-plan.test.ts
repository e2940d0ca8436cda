import { beforeAll, describe, expect, test } from 'vitest'
import type { CohortRule } from '../../../src/mapping/mapping.ts'
import { migrate } from '../../../src/migration/migrate.ts'
import { plan } from '../../../src/migration/plan.ts'
import { hasOwner } from '../../../src/migration/planned/has-owner.ts'
import type { PlanFile } from '../../../src/migration/planned/plan-file.ts'
import { unpackGroups } from '../../../src/migration/planned/read-decided.ts'
import type { MigrationRequest } from '../../../src/migration/request.ts'
import type { PlanDocument } from '../../../src/report/documents.ts'
import { STAGING_SCHEMA } from '../../../src/targets/mas/load/journal.ts'
import type { Target } from '../../../src/targets/target.ts'
import { expectRefused, migratedAsPlanned, plannedFile } from '../../support/migration/bound.ts'
import { createDemoHomeserver } from '../../support/migration/demo-homeserver.ts'
import { countMasRows, createMasDatabase } from '../../support/migration/mas-database.ts'
import { demoProviders, demoRequest } from '../../support/migration/requests.ts'
import { born } from '../../support/migration/stages.ts'
import { testPostgres } from '../../support/postgres.ts'

const postgres = testPostgres()
const SYNAPSE = 'bound_plan_synapse'
const MAS = 'bound_plan_mas'

const inSynapse = (...statements: readonly string[]) => postgres.execute(SYNAPSE, ...statements)
const inMas = (...statements: readonly string[]) => postgres.execute(MAS, ...statements)
const ids = (names: readonly string[]): string => names.map((name) => `'@${name}:demo.example'`).join(', ')
const leave = (...names: readonly string[]) => inSynapse(`DELETE FROM users WHERE name IN (${ids(names)})`)

const PILOT: CohortRule = { name: 'pilot', match: { localparts: ['[a-c].*'] } }

let request: MigrationRequest

beforeAll(async () => {
  const synapse = await createDemoHomeserver(postgres, SYNAPSE, { accounts: 60 })
  const mas = await createMasDatabase(postgres, MAS, demoProviders)
  const plain = demoRequest({ synapse, mas })
  const accounts = { ...plain.mapping.accounts, deactivated: 'hold_back' } as const
  request = {
    ...plain,
    accept: [...plain.accept, 'SYNAPSE_RUNNING'],
    mapping: { ...plain.mapping, accounts, ghosts: ['@ghost_.*'], cohorts: [PILOT] },
  }
  await inSynapse(born('stays'), born('leaves'))
})

describe('a plan that a run is bound to', () => {
  let planned: PlanFile
  let emptyMas: Record<string, number>

  beforeAll(async () => {
    emptyMas = await countMasRows(postgres, MAS)
    planned = await plannedFile(request)
  })

  test('has the decision about every account that has a name, each once', async () => {
    const { decided } = planned.document
    const rows = await inSynapse(
      `SELECT hashtextextended(name, 3)::text AS owner, deactivated = 1 AS deactivated FROM users WHERE name IS NOT NULL`,
    )
    const groups = unpackGroups(decided?.accounts ?? [])
    expect(rows.every(({ owner }) => hasOwner(groups, BigInt(String(owner))))).toBe(true)
    expect(decided?.accounts.reduce((sum, { count }) => sum + count, 0)).toBe(rows.length)
    expect(decided?.road).toBe('load')
    expect(decided?.rows.target).toEqual([expect.stringMatching(/^passwords under version \d+ of MAS/u)])
    expect(decided?.rows.providers.map(({ target }) => target)).toEqual(expect.arrayContaining([...demoProviders]))
    const counted = planned.document.relations.find(({ relation }) => relation === 'account')
    expect(decided?.accounts.find(({ reason }) => reason === null)?.count).toBe(counted?.carried)
    expect(decided?.accounts.find(({ reason }) => reason === 'deactivated')?.count).toBe(
      counted?.left.find(({ reason }) => reason === 'deactivated')?.count,
    )
  })

  test.each([
    {
      what: 'an account that is held back now',
      change: `UPDATE users SET deactivated = 1 WHERE name = '@stays:demo.example'`,
      back: `UPDATE users SET deactivated = 0 WHERE name = '@stays:demo.example'`,
      says: /^1 account that was to migrate is held back now \(.*\): @stays:demo\.example$/u,
    },
    {
      what: 'an account of another reason, and of a kind that the plan does not have',
      change: born('ghost_1'),
      back: `DELETE FROM users WHERE name = '@ghost_1:demo.example'`,
      says: /^1 account would be held back for a reason that the plan does not have \(.*\): @ghost_1:demo\.example$/u,
    },
  ])('refuses a run for $what, and nothing is written', async ({ change, back, says }) => {
    await inSynapse(change)
    try {
      await expectRefused(request, planned, { says })
      expect(await countMasRows(postgres, MAS)).toEqual(emptyMas)
    } finally {
      await inSynapse(back)
    }
  })

  test('refuses a run by another mapping, of another homeserver, of a warning that the plan does not have', async () => {
    const mapping = { ...request.mapping, sha256: '1'.repeat(64) }
    await expectRefused({ ...request, mapping }, planned, { code: 'plan.other', says: /sha256 0+\), and these are/u })
    await inSynapse(
      `INSERT INTO users (name, creation_ts, admin, is_guest, deactivated) VALUES ('@oldest:demo.example', 1, 0, 0, 0)`,
    )
    await expectRefused(request, planned, { code: 'plan.other', says: /first account/u })
    await leave('oldest')
    const [warning] = planned.document.findings.filter(({ accepted }) => accepted === 'all-warnings')
    const findings = planned.document.findings.filter(({ code }) => code !== warning?.code)
    const without: PlanFile = { ...planned, document: { ...planned.document, findings } }
    await expectRefused(request, without, { says: new RegExp(`New since the plan: ${warning?.code}: `, 'u') })
    expect(await countMasRows(postgres, MAS)).toEqual(emptyMas)
  })

  test('refuses a run whose target takes identities elsewhere, or not at all', async () => {
    const withProviders = (change: (providers: Target['providers']) => Target['providers']): MigrationRequest => ({
      ...request,
      openTarget: async (signal) => {
        const target = await request.openTarget(signal)
        return { ...target, providers: change(target.providers) }
      },
    })
    const without = withProviders((providers) => providers.slice(1))
    await expectRefused(without, planned, { code: 'plan.other', says: /and now no provider of the target takes it/u })
    const swapped = withProviders(([first, second, ...others]) => [
      { ...first!, authProvider: second!.authProvider },
      { ...second!, authProvider: first!.authProvider },
      ...others,
    ])
    await expectRefused(swapped, planned, { code: 'plan.other', says: /and now the target's provider .* takes it/u })
    expect(await countMasRows(postgres, MAS)).toEqual(emptyMas)
  })

  test('is done by the time of the run: what has expired since the plan does not live again', async () => {
    const day = 86_400_000
    const now = Date.now()
    await inSynapse(`UPDATE refresh_tokens SET expiry_ts = ${now - day} WHERE expiry_ts IS NULL OR expiry_ts > ${now}`)
    const earlier = await plannedFile({ ...request, asOf: now - 2 * day })
    const { asOf: _, ...atItsOwnTime } = request
    let shown: PlanDocument | undefined
    const confirm = async (seen: PlanDocument) => {
      shown = seen
      return false
    }
    await migrate({ ...atItsOwnTime, plan: earlier, confirm })
    expect(Date.parse(shown?.asOf ?? '')).toBeGreaterThanOrEqual(now)
    const alive = earlier.document.relations.find(({ relation }) => relation === 'refresh_token')?.carried
    expect(alive).toBeGreaterThan(0)
    expect(shown?.drift).toMatchObject({ newAccounts: 0, goneAccounts: 0 })
    expect(shown?.drift?.rows).toContainEqual({ relation: 'refresh_token', reason: null, before: alive, now: 0 })
  })

  test('of one cohort decides about its accounts only, and a stage is bound to it', async () => {
    const pilot = await plannedFile({ ...request, cohort: 'pilot' })
    const counted = pilot.document.cohorts?.find(({ cohort }) => cohort === 'pilot')
    const decidedOf = ({ document: { decided } }: PlanFile): readonly (readonly [string | null, number])[] =>
      (decided?.accounts ?? []).map(({ reason, count }) => [reason, count])
    expect(decidedOf(pilot)).toContainEqual([null, counted?.carried])
    expect(decidedOf(pilot).reduce((sum, [, count]) => sum + count, 0)).toBe(counted?.read)
    await expectRefused(request, pilot, {
      code: 'plan.other',
      says: /of the cohort pilot, and this run is of everybody/u,
    })
    const stage = await migratedAsPlanned({ ...request, cohort: 'pilot' }, pilot, { cohort: 'pilot' })
    expect(stage.drift).toMatchObject({ newAccounts: 0, goneAccounts: 0, rows: [] })
    // Now the target knows who is in it.
    const frozen = await plannedFile({ ...request, cohort: 'pilot' })
    expect(decidedOf(frozen)).toEqual(decidedOf(pilot))
    expect(frozen.document.decided?.road).toBe('copy')
  })

  test('lets an online copy, its next run and its end go, and counts who came and went since', async () => {
    await inSynapse(born('comes'))
    await leave('leaves')
    const first = await migratedAsPlanned(request, planned, { mode: 'online' })
    expect(first.asOf).toBe(planned.document.asOf)
    // It was foretold of a load while nobody can log in.
    expect([planned.document.forecast?.downtimeSeconds, first.forecast]).toEqual([expect.any(Number), undefined])
    expect(first.drift).toMatchObject({
      plan: { file: 'plan.json', asOf: planned.document.asOf },
      newAccounts: 1,
      goneAccounts: 1,
      rows: [],
    })
    await inSynapse(born('comes-too'), `UPDATE users SET deactivated = 1 WHERE name = '@stays:demo.example'`)
    const inCopy = () => inMas(`SELECT count(*)::integer AS users FROM ${STAGING_SCHEMA}.users`)
    const before = await inCopy()
    for (const mode of ['online', 'final'] as const)
      await expectRefused(request, planned, { mode, says: /was to migrate is held back now.*@stays/u })
    expect(await inCopy()).toEqual(before)
    await inSynapse(`UPDATE users SET deactivated = 0 WHERE name = '@stays:demo.example'`)
    const final = await migratedAsPlanned(request, planned, { mode: 'final' })
    expect(final.refused).toBeUndefined()
    expect(final).not.toHaveProperty('forecast')
    expect(final.drift).toMatchObject({ newAccounts: 2, goneAccounts: 1 })
    expect(final.drift?.rows).toContainEqual({
      relation: 'account',
      reason: null,
      before: expect.any(Number),
      now: expect.any(Number),
    })
  })

  test('is held against the target too, where that has people', async () => {
    await inSynapse(born('wanted'), born('also-wanted'))
    const merge = await plannedFile(request)
    expect(merge.document.decided).toMatchObject({ road: 'merge', outcomes: [{ outcome: 'created', count: 2 }] })
    const before = await countMasRows(postgres, MAS)
    await inMas(
      `INSERT INTO users (user_id, username, created_at) VALUES ('01940000-0000-0000-0000-000000000001', 'wanted', now())`,
    )
    await expectRefused(request, merge, {
      says: /^1 account that was to be created would be held back \(somebody else has the name\).*: @wanted:demo\.example$/u,
    })
    await inMas(`DELETE FROM users WHERE user_id = '01940000-0000-0000-0000-000000000001'`)
    expect(await countMasRows(postgres, MAS)).toEqual(before)
    await inSynapse(born('later'))
    const run = await migratedAsPlanned(request, merge)
    expect(run.drift).toMatchObject({ newAccounts: 1, goneAccounts: 0 })
    expect(run.outcomes).toContainEqual({ outcome: 'created', count: 3 })
    // What was to be created is there, and ours: the same plan may be done again, and does nothing.
    const again = await migratedAsPlanned(request, merge)
    expect(again.outcomes?.map(({ outcome }) => outcome)).not.toContain('created')
  })

  test('is compared with a later one: who is decided otherwise, by name', async () => {
    await inSynapse(`UPDATE users SET deactivated = 1 WHERE name = '@stays:demo.example'`)
    const { comparison, decided } = await plan({ ...request, compare: planned })
    expect(decided).toBeUndefined()
    expect(comparison?.accounts).toEqual({
      new: 5,
      gone: 1,
      changed: [{ before: null, now: 'deactivated', count: 1, samples: ['@stays:demo.example'] }],
    })
  })
})
