import { Syn2opError } from '../../errors/syn2op-error.ts'
import { NotConforming, NotTried } from './ask.ts'
import type { ConformanceCase } from './case.ts'
import { badAccounts } from './cases/bad-accounts.ts'
import { disturbances } from './cases/disturbances.ts'
import { ending } from './cases/ending.ts'
import { foreign } from './cases/foreign.ts'
import { leaving } from './cases/leaving.ts'
import { names } from './cases/names.ts'
import { order } from './cases/order.ts'
import { planning } from './cases/planning.ts'
import { rollback } from './cases/rollback.ts'
import { sameAgain } from './cases/same-again.ts'
import { secrets } from './cases/secrets.ts'
import { theirs } from './cases/theirs.ts'
import { values } from './cases/values.ts'
import type { ConformanceHarness } from './harness.ts'
import { openStage } from './stage.ts'

/** What `describe` and `test` of vitest do, or of another runner that tells a test how to skip itself. */
export interface TestFunctions {
  describe(name: string, body: () => void): unknown
  test(name: string, body: (context: { skip(reason?: string): void }) => Promise<void>): unknown
}

export interface CaseResult {
  readonly family: string
  readonly name: string
  readonly result: 'passed' | 'failed' | 'skipped'
  /** Of a failure what the target does wrong, of a skipped case why. */
  readonly message?: string
}

export interface ConformanceReport {
  readonly target: string
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  readonly cases: readonly CaseResult[]
}

const casesFor = (harness: ConformanceHarness): readonly ConformanceCase[] => [
  ...planning,
  ...sameAgain,
  ...leaving,
  ...foreign,
  ...theirs(harness),
  ...badAccounts,
  ...disturbances,
  ...order,
  ...values,
  ...names,
  ...secrets,
  ...ending,
  ...rollback,
]

/** Registers the suite with a test runner: one test per case. Tests of one file must run one after another. */
export const conformance = (harness: ConformanceHarness, { describe, test }: TestFunctions): void => {
  const cases = casesFor(harness)
  describe(`${harness.name} keeps to the interface of a target`, () => {
    for (const family of new Set(cases.map((one) => one.family))) {
      describe(family, () => {
        for (const one of cases.filter((each) => each.family === family)) {
          test(one.name, async (context) => {
            const { result, message = '' } = await runCase(harness, one)
            if (result === 'failed') throw new NotConforming(message)
            if (result === 'skipped') context.skip(message)
          })
        }
      })
    }
  })
}

/** Runs the suite without a test runner, or those of its families that are named. */
export const runConformance = async (
  harness: ConformanceHarness,
  { families }: { readonly families?: readonly string[] } = {},
): Promise<ConformanceReport> => {
  const cases: CaseResult[] = []
  for (const one of casesFor(harness)) {
    if (families === undefined || families.includes(one.family)) cases.push(await runCase(harness, one))
  }
  const count = (result: CaseResult['result']): number => cases.filter((one) => one.result === result).length
  return { target: harness.name, passed: count('passed'), failed: count('failed'), skipped: count('skipped'), cases }
}

const runCase = async (harness: ConformanceHarness, one: ConformanceCase): Promise<CaseResult> => {
  const { family, name } = one
  const missing = one.needs?.(harness)
  if (missing !== undefined) return { family, name, result: 'skipped', message: missing }
  try {
    const stage = await openStage(harness)
    try {
      await one.run(stage)
    } finally {
      await stage.close()
    }
    return { family, name, result: 'passed' }
  } catch (error) {
    if (error instanceof NotTried) return { family, name, result: 'skipped', message: error.message }
    return { family, name, result: 'failed', message: toldOf(error) }
  }
}

const toldOf = (error: unknown): string => {
  if (error instanceof NotConforming) return error.message
  const words = error instanceof Syn2opError ? `${error.code}: ${error.message}` : String(error)
  return `the target (or the harness) raised an error where none was due: ${words}`
}
