import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judge } from '../../../src/rehearsal/judge.ts'
import type { VerifyDocument } from '../../../src/report/documents.ts'
import type { ProofResult } from '../../../src/report/proof-parts.ts'
import type { RehearsedParts } from '../../../src/report/rehearsal-reasons.ts'
import { verdictOf } from '../../../src/report/verdict.ts'
import {
  checkDocument,
  planDocument,
  runDocument,
  verifyDocument,
  verifyDocumentOfProofs,
  verifyDocumentWithDifferences,
} from '../../support/documents.ts'
import { provedDocument, rehearsalDocument } from '../../support/rehearsal-documents.ts'
import { rollbackDocument } from '../../support/rollback-documents.ts'

const { steps, rollback } = rehearsalDocument
const errors = checkDocument.findings.filter(({ severity }) => severity === 'error')

const passing: RehearsedParts = {
  steps,
  check: { ...checkDocument, findings: planDocument.findings },
  plan: planDocument,
  run: runDocument,
  verify: verifyDocument,
  proofs: provedDocument,
  ...(rollback === undefined ? {} : { rollback }),
  again: { same: true, differences: [] },
}

const stepThat = (name: string, outcome: 'failed' | 'skipped'): RehearsedParts['steps'] =>
  steps.map((one) => (one.step === name ? { ...one, outcome } : one))

const rejected = (count: number) => [
  { outcome: 'created', count: 43_993 - count } as const,
  { outcome: 'rejected', count } as const,
]

const [account, ...others] = runDocument.relations
const miscounted = account === undefined ? [] : [{ ...account, read: account.read + 1 }, ...others]

const relationsOfNobody = planDocument.relations.map((one) => ({
  ...one,
  carried: 0,
  left: [{ reason: 'guest', count: one.read }],
}))

const PASSWORD = { what: 'password', mxid: '@anna:example.org', worked: false, expected: false } as const

const provedBy = (result: ProofResult): VerifyDocument => ({
  ...provedDocument,
  proofs: { results: [...(provedDocument.proofs?.results ?? []), result] },
})

/** Each of them alone makes a rehearsal fail, and is said so. */
const FAILED: Readonly<Record<string, { readonly part: Partial<RehearsedParts>; readonly says: RegExp }>> = {
  'an error that ended it': {
    part: { failure: { step: 'migrate', code: 'target.unavailable', message: 'MAS does not answer' } },
    says: /^MAS does not answer\.$/u,
  },
  'a step that failed': { part: { steps: stepThat('verify', 'failed') }, says: /^It failed at verify\.$/u },
  'errors of the check': {
    part: { check: checkDocument },
    says: /^1 error stands in the way: MAS_NOT_EMPTY\.$/u,
  },
  'errors of the plan': { part: { plan: { ...planDocument, findings: errors } }, says: /MAS_NOT_EMPTY/u },
  'counts of the plan that do not add up': {
    part: { plan: { ...planDocument, relations: miscounted } },
    says: /do not add up/u,
  },
  'counts of the run that do not add up': {
    part: { run: { ...runDocument, relations: miscounted } },
    says: /do not add up/u,
  },
  'accounts rejected that the plan had not foretold': {
    part: { plan: { ...planDocument, outcomes: rejected(2) }, run: { ...runDocument, outcomes: rejected(5) } },
    says: /^MAS rejected 3 accounts more than the plan had foretold\.$/u,
  },
  'a run that ended early': {
    part: { run: { ...runDocument, endedEarly: { why: 'too many rejected', resume: 'syn2op migrate --resume' } } },
    says: /ended early: more accounts were rejected/u,
  },
  'a run that found itself wrong': {
    part: { run: { ...runDocument, proof: { rows: 5, wrongRows: 1, keys: 5, differingBuckets: 0 } } },
    says: /found not to be as it should be/u,
  },
  'rows that differ': {
    part: { verify: verifyDocumentWithDifferences },
    says: /^4 rows are not as they should be\.$/u,
  },
  'a password that surprised': { part: { proofs: verifyDocumentOfProofs }, says: /did not do what was foretold\.$/u },
  'a password of nobody in Synapse': {
    part: { proofs: provedBy({ ...PASSWORD, mxid: '@alise:typo.example', reason: 'not_in_source' }) },
    says: /^1 password or token that was given is of nobody in Synapse, .*: correct the file\.$/u,
  },
  'a token of somebody else': {
    part: { proofs: provedBy({ ...PASSWORD, what: 'token', reason: 'of_somebody_else' }) },
    says: /^1 password or token that was given is of nobody in Synapse, or of another user or device/u,
  },
  'a plan by which nobody is migrated': {
    part: { plan: { ...planDocument, relations: relationsOfNobody } },
    says: /^Nobody would be migrated\.$/u,
  },
  'a plan by which the target would refuse everybody': {
    part: {
      plan: { ...planDocument, outcomes: [{ outcome: 'rejected', count: 43_993 }] },
      run: { ...runDocument, outcomes: [{ outcome: 'rejected', count: 43_993 }] },
    },
    says: /^Nobody would be migrated\.$/u,
  },
  'accounts that could not be taken back': {
    part: { rollback: { ...rollbackDocument, outcomes: rejected(2) } },
    says: /^2 accounts could not be taken back\.$/u,
  },
  'a target that is not as it was': {
    part: { again: { same: false, differences: ['accounts created: 3 before, 2 now'] } },
    says: /not as it was before the migration: accounts created: 3 before, 2 now\.$/u,
  },
}

describe('the judgement over a rehearsal', () => {
  it('is that it passed where everything is as it should be', () => {
    expect(judge(passing)).toEqual({ verdict: 'passed', reasons: [] })
  })

  it.each(Object.entries(FAILED))('is that it failed for %s, and says so', (_name, { part, says }) => {
    const { verdict, reasons } = judge({ ...passing, ...part })
    expect(verdict).toBe('failed')
    expect(reasons).toEqual([expect.stringMatching(says)])
  })

  it('never is that it passed while any part failed, whatever else did or was left out', () => {
    const names = Object.keys(FAILED)
    const leftOut = fc.subarray(['proofs', 'rollback', 'again'] as const)
    fc.assert(
      fc.property(fc.subarray(names, { minLength: 1 }), leftOut, (failed, without) => {
        const parts = Object.fromEntries(
          Object.entries(passing).filter(([name]) => !without.some((one) => one === name)),
        )
        const all = Object.assign({}, parts, ...failed.map((name) => FAILED[name]?.part)) as RehearsedParts
        const { verdict, reasons } = judge(all)
        expect(verdict).toBe('failed')
        expect(reasons.length).toBeGreaterThan(0)
        expect(reasons.filter((reason) => !reason.endsWith('.'))).toEqual([])
      }),
    )
  })

  it('is the same as the one that a reader of the document comes to, who has no check', () => {
    for (const { part } of Object.values(FAILED)) {
      if ('check' in part) continue
      expect(verdictOf({ ...rehearsalDocument, ...passing, ...part }).tone).toBe('bad')
    }
  })

  it('does not take rejections for failures that the plan had foretold', () => {
    const outcomes = rejected(5)
    const foretold = { plan: { ...planDocument, outcomes }, run: { ...runDocument, outcomes } }
    expect(judge({ ...passing, ...foretold }).verdict).toBe('passed')
  })

  it('is that it failed where nobody was migrated, nothing verified, or nobody looked after the rollback', () => {
    const without = (...names: readonly string[]): RehearsedParts =>
      Object.fromEntries(Object.entries(passing).filter(([name]) => !names.includes(name))) as unknown as RehearsedParts
    expect(judge(without('run', 'verify', 'proofs', 'rollback', 'again')).reasons).toEqual(['Nobody was migrated.'])
    expect(judge(without('verify')).reasons).toEqual(['What was migrated was not verified.'])
    expect(judge(without('again')).verdict).toBe('failed')
    expect(judge(without('rollback', 'again')).verdict).toBe('passed')
    expect(judge({ ...without('again'), steps: stepThat('plan again', 'skipped') }).verdict).toBe('passed')
  })
})
