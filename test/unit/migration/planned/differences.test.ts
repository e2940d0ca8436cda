import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Finding } from '../../../../src/findings/finding.ts'
import { comparePlans } from '../../../../src/migration/planned/compare-plans.ts'
import { countChanges, newKinds, takenAway } from '../../../../src/migration/planned/count-changes.ts'
import { newWarnings } from '../../../../src/migration/planned/difference-words.ts'
import { outcomeDifferences } from '../../../../src/migration/planned/outcome-differences.ts'
import { anewCommands, bindingCommand } from '../../../../src/migration/planned/plan-commands.ts'
import { bindingPlan, parsePlan, readPlanFile } from '../../../../src/migration/planned/plan-file.ts'
import { type AboutToRun, requireSame } from '../../../../src/migration/planned/require-same.ts'
import type { PlanDocument } from '../../../../src/report/documents.ts'
import type { RowRules } from '../../../../src/report/plan-parts.ts'
import { toJson } from '../../../../src/report/to-json.ts'
import { planDocument } from '../../../support/documents.ts'

const FINGERPRINTS = { source: '1'.repeat(64), target: '2'.repeat(64), mapping: planDocument.mapping.sha256 }

const ROWS: RowRules = {
  providers: [
    { authProvider: 'oidc-a', target: 'A' },
    { authProvider: 'saml', target: null },
  ],
  target: ['passwords under version 1'],
}

const whole: PlanDocument = {
  ...planDocument,
  fingerprints: FINGERPRINTS,
  decided: { road: 'load', rows: ROWS, accounts: [{ reason: null, count: 0, owners: '' }] },
}

const refused = (code: string, message?: RegExp) =>
  expect.objectContaining({ code, ...(message === undefined ? {} : { message: expect.stringMatching(message) }) })

describe('the file of a plan', () => {
  const text = toJson(whole)

  test('is read as it was written', () => {
    expect(parsePlan('plan.json', text)).toEqual(whole)
  })

  test.each([10, 500, text.length - 3])('cut off after %i characters it is refused', (length) => {
    expect(() => parsePlan('plan.json', text.slice(0, length))).toThrow(refused('plan.unreadable', /cut off/u))
  })

  test('on a disk it is refused where it is not whole, or not there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'syn2op-plan-'))
    try {
      const file = join(folder, 'plan.json')
      await expect(readPlanFile(file)).rejects.toEqual(refused('plan.unreadable', /no such file/u))
      await writeFile(file, text)
      expect(await readPlanFile(file)).toEqual({ file, document: whole })
      await truncate(file, Math.floor(text.length / 2))
      await expect(readPlanFile(file)).rejects.toEqual(refused('plan.unreadable', /cut off/u))
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  test.each([
    ['a report of a run', { ...whole, kind: 'run' }, /of the kind run, not a plan/u],
    ['nothing of ours', 'plan', /no document of syn2op/u],
    ['a plan of a later format', { ...whole, format: 2, syn2op: '9.0.0' }, /format 2, by syn2op 9\.0\.0/u],
    ['a plan without its counts', { ...whole, relations: 'all' }, /no plan as syn2op writes it/u],
  ])('%s is refused', (_, document, message) => {
    expect(() => parsePlan('plan.json', JSON.stringify(document))).toThrow(refused('plan.unreadable', message))
  })

  test('a report of a plan binds nobody, and one that found errors says so', () => {
    const { decided: _, ...report } = whole
    expect(() => bindingPlan({ file: 'p', document: report })).toThrow(refused('plan.unreadable', /every account/u))
    const findings: readonly Finding[] = [{ code: 'MAS_NOT_EMPTY', severity: 'error', message: 'x', remedy: [] }]
    expect(() => bindingPlan({ file: 'p', document: { ...report, findings } })).toThrow(
      refused('plan.unreadable', /impossible/u),
    )
  })
})

describe('a plan of something else', () => {
  const plan = bindingPlan({ file: 'plan.json', document: whole })
  const run: AboutToRun = {
    serverName: whole.serverName,
    fingerprints: FINGERPRINTS,
    mappingFile: 'other.yaml',
    cohort: undefined,
    road: 'load',
    rows: ROWS,
  }

  test.each<[string, Partial<AboutToRun>, RegExp]>([
    ['homeserver', { serverName: 'other.example' }, /this is other\.example/u],
    ['source', { fingerprints: { ...FINGERPRINTS, source: '9' } }, /first account/u],
    ['target', { fingerprints: { ...FINGERPRINTS, target: '9' } }, /another target/u],
    ['mapping', { fingerprints: { ...FINGERPRINTS, mapping: '9' } }, /7d865e.*other\.yaml \(sha256 9\)/u],
    ['cohort', { cohort: 'pilot' }, /of everybody, and this run is of the cohort pilot/u],
    [
      'provider of the identities',
      { rows: { ...ROWS, providers: [{ authProvider: 'oidc-a', target: 'B' }, ROWS.providers[1]!] } },
      /oidc-a: in the plan the target's provider A takes it, and now the target's provider B takes it/u,
    ],
    [
      'list of providers',
      { rows: { ...ROWS, providers: ROWS.providers.slice(1) } },
      /oidc-a: .*, and now no provider of the target takes it/u,
    ],
    [
      'way of writing rows',
      { rows: { ...ROWS, target: ['passwords under version 2'] } },
      /version 1, and now .*version 2/u,
    ],
    ['road', { road: 'merge' }, /for an empty target, and this is a target with people/u],
  ])('is refused where the %s is another', (_, other, message) => {
    expect(() => requireSame(plan, { ...run, ...other })).toThrow(
      expect.objectContaining({
        code: 'plan.other',
        problems: [{ message: expect.stringMatching(message) }],
      }),
    )
  })

  test('tells all that is another at once', () => {
    expect(() =>
      requireSame(plan, { ...run, cohort: 'a', fingerprints: { source: '9', target: '9', mapping: '9' } }),
    ).toThrow(expect.objectContaining({ problems: expect.toSatisfy((problems) => problems.length === 4) }))
  })

  test('is none where the copy that it began is brought up to date', () => {
    expect(() => requireSame(plan, { ...run, road: 'copy' })).not.toThrow()
  })
})

describe('counts of rows', () => {
  const count = (carried: number, left: Readonly<Record<string, number>> = {}) => {
    const reasons = Object.entries(left).map(([reason, rows]) => ({ reason, count: rows }))
    return [{ relation: 'session', read: carried, carried, left: reasons }] as const
  }

  test('that are the same are no change', () => {
    expect(countChanges(count(5, { orphan: 2 }), count(5, { orphan: 2 }))).toEqual([])
  })

  test('that are others are told by relation and reason; a reason that is new is a kind of its own', () => {
    const changes = countChanges(count(5, { orphan: 2 }), count(7, { account_guest: 1 }))
    expect(changes).toEqual([
      { relation: 'session', reason: null, before: 5, now: 7 },
      { relation: 'session', reason: 'orphan', before: 2, now: 0 },
      { relation: 'session', reason: 'account_guest', before: 0, now: 1 },
    ])
    expect(newKinds(changes)).toEqual([changes[2]])
  })

  test.each(['superseded', 'refresh_token_expired', 'device_gone', 'orphan', 'account_deactivated'])(
    'of rows that are of no use today either are no new kind: %s',
    (reason) => {
      expect(newKinds(countChanges(count(5), count(5, { [reason]: 1 })))).toEqual([])
    },
  )

  const identities = (carried: number, left: number, reason = 'provider_not_configured') =>
    [{ relation: 'external_id', read: carried + left, carried, left: [{ reason, count: left }] }] as const

  test.each<[string, ReturnType<typeof identities>, number, number]>([
    ['5,000 that were to be carried are left', identities(0, 5001), 3, 1],
    ['as many accounts came and went', identities(4997, 4), 3, 0],
    ['more are left, and as many carried', identities(5000, 100), 3, 0],
    ['their accounts are gone', identities(0, 1), 5000, 0],
    ['what is left was so without an account', identities(4000, 1001, 'orphan'), 0, 0],
  ])('of what people log in with: %s', (_, now, comeAndGone, told) => {
    const before = identities(5000, 1, now[0].left[0].reason)
    expect(takenAway(countChanges(before, now), comeAndGone)).toHaveLength(told)
  })
})

describe('the commands that are told', () => {
  test.each([
    [{ road: 'load' }, "syn2op migrate --plan 'my plan.json'"],
    [{ road: 'load', cohort: 'pilot' }, "syn2op migrate --cohort pilot --plan 'my plan.json'"],
    [
      { road: 'copy' },
      "syn2op migrate --online --plan 'my plan.json', or with Synapse stopped: syn2op migrate --final --plan 'my plan.json'",
    ],
  ] as const)('bind a run to a plan: %j', (of, command) => {
    expect(bindingCommand('my plan.json', of)).toBe(command)
  })

  test.each([
    [['syn2op', 'migrate', '--plan', 'a.json'], undefined, '', ''],
    [
      ['syn2op', 'migrate', '--final', '--mapping=m.yaml', '--plan=a.json', '--yes'],
      undefined,
      ' --mapping=m.yaml --yes',
      ' --final --mapping=m.yaml --yes',
    ],
    [
      ['syn2op', 'migrate', '--cohort', 'pilot', '--limit', '5'],
      'pilot',
      ' --cohort pilot',
      ' --cohort pilot --limit 5',
    ],
    [['syn2op', 'migrate', '--resume'], 'pilot', ' --cohort pilot', ' --cohort pilot'],
    [['syn2op', 'migrate', '--cohort', 'migrate'], 'migrate', ' --cohort migrate', ' --cohort migrate'],
  ])('plan anew what was typed, with its flags: %j', (typed, cohort, plan, migrate) => {
    expect(anewCommands(typed, 'a.json', cohort)).toEqual({
      plan: `syn2op plan${plan} --out new-plan.json --compare a.json`,
      migrate: `syn2op migrate${migrate} --plan new-plan.json`,
    })
  })
})

describe('outcomes at a target with people', () => {
  const groups = (of: Readonly<Record<string, readonly bigint[]>>) =>
    new Map(Object.entries(of).map(([key, owners]) => [key, new BigInt64Array(owners)]))
  const known = { isPlanned: (owner: bigint) => owner < 10n, isThere: (owner: bigint) => owner !== 9n }
  const differing = (planned: Record<string, readonly bigint[]>, now: Record<string, readonly bigint[]>) =>
    outcomeDifferences(groups(planned), groups(now), known)

  test.each([
    ['the same', { created: [1n], updated: [2n] }, { created: [1n], updated: [2n] }],
    ['done meanwhile', { created: [1n], updated: [2n] }, {}],
    ['a known account brought up to date', {}, { updated: [1n] }],
    ['a new account created', {}, { created: [11n] }],
    [
      'a new account that meets what the plan has of others',
      { 'held back: username_taken': [1n] },
      { 'held back: username_taken': [1n, 11n] },
    ],
    ['an account that is gone from the source removed', {}, { removed: [9n] }],
  ])('are as planned: %s', (_, planned, now) => {
    expect(differing(planned, now)).toEqual([])
  })

  test.each([
    [
      'somebody took the name',
      { created: [1n] },
      { 'held back: username_taken': [1n] },
      'created',
      'held back: username_taken',
    ],
    ['it is there already', { created: [1n] }, { updated: [1n] }, 'created', 'updated'],
    ['it was to stay as it is', {}, { removed: [1n] }, undefined, 'removed'],
    ['it was to stay, and is missing there', {}, { created: [1n] }, undefined, 'created'],
    [
      'a new account meets what nobody has seen',
      {},
      { 'held back: email_taken': [11n] },
      undefined,
      'held back: email_taken',
    ],
    [
      'nothing is in the way any more',
      { 'held back: email_taken': [1n] },
      { created: [1n] },
      'held back: email_taken',
      'created',
    ],
  ])('are not as planned: %s', (_, planned, now, before, becomes) => {
    const [owners] = Object.values(now)
    expect(differing(planned, now)).toEqual([{ before, now: becomes, owners }])
  })
})

describe('warnings since a plan', () => {
  const warning: Finding = { code: 'PROVIDER_NOT_CONFIGURED', severity: 'warning', message: 'x', remedy: [] }

  test('count where nobody, or only all at once, has accepted them', () => {
    const blanket = { ...warning, accepted: 'all-warnings' }
    expect(newWarnings([], [warning, blanket])).toHaveLength(2)
    expect(newWarnings([], [{ ...warning, accepted: warning.code }])).toEqual([])
    expect(newWarnings([warning], [blanket])).toEqual([])
  })
})

describe('a plan beside an older one', () => {
  const older = { file: 'old.json', document: whole }

  test('says nothing where nothing is new', () => {
    expect(comparePlans(older, whole)).toEqual({
      plan: { file: 'old.json', asOf: whole.asOf },
      rows: [],
      outcomes: [],
      findings: [],
    })
  })

  test('says nothing of how accounts would end where one of them found errors', () => {
    const findings: readonly Finding[] = [{ code: 'MAS_NOT_EMPTY', severity: 'error', message: 'x', remedy: [] }]
    const merged: PlanDocument = { ...whole, outcomes: [{ outcome: 'updated', count: 3 }] }
    expect(comparePlans({ file: 'old.json', document: merged }, { ...whole, findings }).outcomes).toEqual([])
    expect(comparePlans({ file: 'old.json', document: { ...whole, findings } }, merged).outcomes).toEqual([])
  })

  test('says what is new, gone and changed', () => {
    const [first, second, third] = whole.findings
    const now: PlanDocument = {
      ...whole,
      mapping: { file: 'x', sha256: '0'.repeat(64) },
      fingerprints: { ...FINGERPRINTS, target: '9' },
      outcomes: [{ outcome: 'created', count: 43_993 }],
      findings: [{ ...first!, count: 215 }, second!, { ...third!, code: 'GUESTS' }],
    }
    const comparison = comparePlans(older, now)
    expect(comparison.mapping?.now).toBe('0'.repeat(64))
    expect(comparison.other).toEqual(['target'])
    // The older one is for an empty target: everybody who migrates is created, the others are held back.
    expect(comparison.outcomes).toEqual([{ outcome: 'held back', before: 4217, now: 0 }])
    expect(comparison.findings).toEqual([
      { code: first!.code, severity: 'warning', change: 'changed', before: 214, now: 215 },
      { code: third!.code, severity: 'warning', change: 'gone', before: 6 },
      { code: 'GUESTS', severity: 'warning', change: 'new', now: 6 },
    ])
  })
})
