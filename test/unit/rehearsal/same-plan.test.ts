import { describe, expect, it } from 'vitest'
import { comparePlans } from '../../../src/rehearsal/same-plan.ts'
import type { PlanDocument, RelationChanges } from '../../../src/report/documents.ts'
import { planDocument, planDocumentOfCohorts, relations } from '../../support/documents.ts'
import { wholePlanDocument } from '../../support/plan-documents.ts'

const outcomesOf = (created: number, unchanged = 0): Pick<PlanDocument, 'outcomes'> => ({
  outcomes: [
    { outcome: 'created', count: created },
    ...(unchanged === 0 ? [] : [{ outcome: 'unchanged', count: unchanged } as const]),
    { outcome: 'held back', count: 4_217 },
  ],
})

const SAME = { same: true, differences: [] }

describe('a plan made after a rollback', () => {
  it('is the first one again, at another time and with other fingerprints', () => {
    for (const plan of [planDocument, planDocumentOfCohorts, wholePlanDocument])
      expect(comparePlans(plan, plan)).toEqual(SAME)
    const { forecast: _, ...later } = { ...wholePlanDocument, asOf: '2026-11-22T22:00:00.000Z' }
    const fingerprints = { source: '1', target: '2', mapping: '3' }
    expect(comparePlans(wholePlanDocument, { ...later, fingerprints })).toEqual(SAME)
  })

  it('is the first one again where an empty target is compared account by account, and everybody would be created', () => {
    const changes = relations.map(({ relation, carried }) => ({
      relation,
      create: carried,
      update: 0,
      remove: 0,
      unchanged: 0,
      theirs: 0,
      foreign: 0,
    }))
    expect(comparePlans(planDocument, { ...planDocument, ...outcomesOf(43_993), changes })).toEqual(SAME)
    const [first, ...others] = changes
    const left = [{ ...first!, create: first!.create - 1, theirs: 1 }, ...others]
    expect(comparePlans(planDocument, { ...planDocument, changes: left })).toEqual({
      same: false,
      differences: [
        'accounts to be created: 43,993 before, 43,992 now',
        'accounts changed at the target: 0 before, 1 now',
      ],
    })
  })

  it('is another one where somebody stayed, a row is decided otherwise, a cohort has begun, or a warning is new', () => {
    expect(comparePlans(planDocument, { ...planDocument, ...outcomesOf(43_990, 3) }).differences).toEqual([
      'accounts created: 43,993 before, 43,990 now',
      'accounts unchanged: 0 before, 3 now',
    ])
    const [account, ...others] = relations
    const decided = [{ ...account!, carried: account!.carried - 1, left: [{ reason: 'guest', count: 1 }] }, ...others]
    expect(comparePlans(planDocument, { ...planDocument, relations: decided }).differences).toContain(
      'accounts left (guest): 1,904 before, 1 now',
    )
    const [pilot, ...rest] = planDocumentOfCohorts.cohorts ?? []
    const begun = { ...planDocumentOfCohorts, cohorts: [{ ...pilot!, begun: true as const }, ...rest] }
    expect(comparePlans(planDocumentOfCohorts, begun).differences).toEqual([
      'the cohort pilot was not begun before, and is now',
    ])
    const warning = { code: 'NEW', severity: 'warning', message: 'x', count: 2, remedy: [] } as const
    const warned = { ...planDocument, findings: [...planDocument.findings, warning] }
    expect(comparePlans(planDocument, warned).differences).toEqual(['warning NEW of 2 rows: only now'])
    expect(comparePlans(warned, planDocument).differences).toEqual(['warning NEW of 2 rows: only before'])
  })

  it('may have other notices: they tell of the moment', () => {
    const notice = { code: 'NEW', severity: 'notice', message: 'x', count: 2, remedy: [] } as const
    expect(comparePlans(planDocument, { ...planDocument, findings: [...planDocument.findings, notice] })).toEqual(SAME)
  })

  describe('at a target from which nobody who was used is taken back', () => {
    it('may have those who logged in, and nobody else', () => {
      const withStaying = (count: number): PlanDocument => ({ ...planDocument, ...outcomesOf(43_993 - count, count) })
      expect(comparePlans(planDocument, withStaying(3), { stayed: 3 })).toEqual(SAME)
      expect(comparePlans(planDocument, withStaying(2), { stayed: 3 })).toEqual(SAME)
      expect(comparePlans(planDocument, withStaying(4), { stayed: 3 }).same).toBe(false)
      expect(comparePlans(planDocument, withStaying(3), { stayed: 0 }).same).toBe(false)
    })

    const nothing = { create: 0, update: 0, remove: 0, unchanged: 0, theirs: 0, foreign: 0 }
    const created = (relation: RelationChanges['relation'], create: number): RelationChanges => ({
      ...nothing,
      relation,
      create,
    })
    const first: PlanDocument = {
      ...planDocument,
      changes: [created('account', 1000), created('threepid', 900), created('external_id', 300)],
    }
    const second = (changes: Partial<Record<RelationChanges['relation'], Partial<RelationChanges>>>): PlanDocument => ({
      ...first,
      changes: (first.changes ?? []).map((one) => ({ ...one, ...changes[one.relation] })),
    })
    const of = (changes: Parameters<typeof second>[0], stayed = 2) => comparePlans(first, second(changes), { stayed })

    it('may have their rows, whether or not they were changed there', () => {
      expect(of({ account: { create: 998, unchanged: 2 }, threepid: { create: 897, unchanged: 3 } })).toEqual(SAME)
      expect(of({ account: { create: 998, theirs: 2 }, threepid: { create: 898, theirs: 1, update: 1 } })).toEqual(SAME)
    })

    it('has no accounts that are changed, removed or of somebody else but theirs', () => {
      expect(of({ account: { create: 998, foreign: 500 } }).differences).toContain(
        'accounts of somebody else at the target: 0 before, 500 now',
      )
      expect(of({ account: { create: 500, theirs: 500 } }).differences).toContain(
        'accounts changed at the target: 0 before, 500 now',
      )
      expect(of({ account: { create: 998, theirs: 2, remove: 1 } }).same).toBe(false)
      expect(of({ account: { create: 1001 } }).same).toBe(false)
    })

    it('has no other rows than they can have', () => {
      expect(of({ threepid: { foreign: 900 } }).differences).toEqual([
        'e-mails and phones of somebody else at the target: 0 before, 900 now',
      ])
      expect(of({ threepid: { create: 400, unchanged: 500 } }).same).toBe(false)
      expect(of({ external_id: { theirs: 1 } }).same).toBe(false)
    })

    it('has no error that was not there before, however few it is of', () => {
      const finding = { code: 'NEW', message: 'x', count: 1, remedy: [] } as const
      const found = (severity: 'error' | 'warning'): PlanDocument => ({
        ...first,
        findings: [...first.findings, { ...finding, severity }],
      })
      expect(comparePlans(first, found('error'), { stayed: 2 }).differences).toEqual(['error NEW of 1 row: only now'])
      expect(comparePlans(first, found('warning'), { stayed: 2 })).toEqual(SAME)
    })
  })
})
