import { beforeAll, describe, expect, test } from 'vitest'
import { plan } from '../../../src/migration/plan.ts'
import type { CohortCount, OutcomeCount, PlanDocument, RunDocument } from '../../../src/report/documents.ts'
import type { Places } from '../../support/migration/online.ts'
import { born, change, migratedWith, NAMES, stagedPlaces, stagedRequest } from '../../support/migration/stages.ts'

const planned = (both: Places, cohort?: string): Promise<PlanDocument> =>
  plan({ ...stagedRequest(both), ...(cohort === undefined ? {} : { cohort }) })

/** Counts of one kind, added up by their name. */
const added = (all: readonly (readonly (readonly [string, number])[])[]): Readonly<Record<string, number>> => {
  const sums: Record<string, number> = {}
  for (const [name, count] of all.flat()) sums[name] = (sums[name] ?? 0) + count
  return Object.fromEntries(Object.entries(sums).filter(([, count]) => count > 0))
}

const relationsOf = ({ relations }: PlanDocument): readonly (readonly [string, number])[] =>
  relations.flatMap(({ relation, read, carried, left }) => [
    [`${relation} read`, read] as const,
    [`${relation} carried`, carried] as const,
    ...left.map(({ reason, count }) => [`${relation} ${reason}`, count] as const),
  ])

const accountsOf = ({ read, carried, left }: Omit<CohortCount, 'cohort'>): readonly (readonly [string, number])[] => [
  ['read', read],
  ['carried', carried],
  ...left.map(({ reason, count }) => [reason, count] as const),
]

const deletionsOf = ({ deletions }: PlanDocument): readonly (readonly [string, number])[] =>
  (deletions?.reasons ?? []).map(({ what, reason, count }) => [`${what} ${reason}`, count])

const outcomesOf = ({ outcomes = [] }: PlanDocument | RunDocument): readonly OutcomeCount[] =>
  outcomes.toSorted((a, b) => (a.outcome < b.outcome ? -1 : 1))

const membersOf = ({ cohorts = [] }: PlanDocument): Readonly<Record<string, number>> =>
  Object.fromEntries(cohorts.map(({ cohort, read }) => [cohort, read]))

describe('a plan of cohorts', () => {
  let both: Places
  beforeAll(async () => {
    both = await stagedPlaces('stages_plan', 200)
  })

  test('says of every row, in one cohort’s plan, what the plan of everybody says; and counts every account once', async () => {
    const whole = await planned(both)
    expect(whole.cohorts?.map(({ cohort }) => cohort)).toEqual(NAMES)
    const accounts = whole.relations.find(({ relation }) => relation === 'account')
    expect(added((whole.cohorts ?? []).map(accountsOf))).toEqual(added([accounts ? accountsOf(accounts) : []]))
    const parts: PlanDocument[] = []
    for (const name of NAMES) parts.push(await planned(both, name))
    expect(added(parts.map(relationsOf))).toEqual(added([relationsOf(whole)]))
    expect(added(parts.map(deletionsOf))).toEqual(added([deletionsOf(whole)]))
    for (const part of parts) {
      const own = part.relations.find(({ relation }) => relation === 'account')
      expect(part.cohorts).toEqual(whole.cohorts)
      expect(own).toEqual({
        relation: 'account',
        ...part.cohorts?.find(({ cohort }) => cohort === part.cohort),
        cohort: undefined,
      })
    }
  })

  test('foretells what a run of the cohort does, and has everybody where they were frozen', async () => {
    const before = membersOf(await planned(both))
    await migratedWith(stagedRequest(both), { cohort: 'pilot' })
    // By the rules the first one would be a pilot, and every pilot an administrator.
    await change(both, `${born('anna.later')} UPDATE users SET admin = 1 WHERE name ~ '^@[a-c]'`)
    expect(membersOf(await planned(both))).toEqual({ ...before, rest: (before['rest'] ?? 0) + 1 })
    for (const cohort of ['pilot', 'admins', 'rest']) {
      const foreseen = await planned(both, cohort)
      const run = await migratedWith(stagedRequest(both), { cohort })
      expect(outcomesOf(foreseen)).toEqual(outcomesOf(run))
      expect(foreseen.changes).toEqual(run.changes)
    }
  })

  test('foretells it too where the target has people and nothing was frozen', async () => {
    const merged = await stagedPlaces('stages_plan_merged', 120)
    const request = stagedRequest(merged, [])
    await migratedWith(request)
    await change(
      merged,
      `${born('anna.later')} ${born('zoe.later')} UPDATE users SET locked = NOT locked WHERE name ~ '^@[a-g]'`,
    )
    const foreseen = await planned(merged, 'pilot')
    const everybody = await planned(merged)
    expect(everybody.candidates).toBeGreaterThan(foreseen.candidates ?? 0)
    const run = await migratedWith(stagedRequest(merged), { cohort: 'pilot' })
    expect(outcomesOf(foreseen)).toEqual(outcomesOf(run))
    expect(foreseen.changes).toEqual(run.changes)
    expect(foreseen.outcomes).toContainEqual({ outcome: 'created', count: 1 })
  })

  test('names who stands in a list and in no table, and cohorts of nobody, until who is where is settled', async () => {
    const listed = await stagedPlaces('stages_plan_listed', 20)
    await change(listed, born('list.ann') + born('list.bob'))
    const names = [
      '@list.ann:demo.example',
      'list.bob',
      'List.Bob',
      '@list.ann:other.example',
      'list.dora',
      '@list.nobody:demo.example',
    ]
    const request = stagedRequest(listed, [
      { name: 'listed', match: { mxids: names } },
      { name: 'nobody', match: { localparts: ['list[.]nobody'] } },
    ])
    const found = (document: PlanDocument) =>
      document.findings
        .filter(({ code }) => code.startsWith('COHORT_'))
        .map(({ code, count, samples }) => ({ code, count, samples }))
    expect(found(await plan(request))).toEqual([
      {
        code: 'COHORT_NAMES_UNKNOWN',
        count: 4,
        samples: ['@list.ann:other.example', '@list.nobody:demo.example', 'List.Bob'],
      },
      { code: 'COHORT_EMPTY', count: 1, samples: undefined },
    ])
    await migratedWith(request, { cohort: 'listed' })
    const after = await plan(request)
    expect(found(after)).toEqual([])
    expect(after.cohorts?.flatMap(({ cohort, begun }) => (begun ? [cohort] : []))).toEqual(['listed'])
  })

  test('knows no cohort that the mapping does not name', async () => {
    await expect(planned(both, 'pilots')).rejects.toMatchObject({
      code: 'usage',
      message: 'There is no cohort pilots; did you mean pilot?',
    })
  })
})
