import type { ConformanceHarness } from './harness.ts'
import type { Stage } from './stage.ts'

/** One thing that a target must do, tried on an OP that is empty at its begin. */
export interface ConformanceCase {
  readonly family: string
  readonly name: string
  /** Why the case cannot be tried with this harness; undefined: it can. */
  readonly needs?: (harness: ConformanceHarness) => string | undefined
  /** @throws NotConforming with what is wrong, NotTried where the target turns out not to offer it. */
  run(stage: Stage): Promise<void>
}
