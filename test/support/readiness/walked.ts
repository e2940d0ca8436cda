import { createAsk } from '../../../src/readiness/http/ask.ts'
import { type WalkOptions, walk } from '../../../src/readiness/walk/walk.ts'
import type { ReadinessWalk } from '../../../src/report/readiness-document.ts'

const { signal } = new AbortController()

/** Goes the way in both spellings of the scopes, as `readiness --walk` does. */
export const walked = (options: Partial<WalkOptions>): Promise<ReadinessWalk> =>
  walk({ ask: createAsk({ signal }), scopes: 'both', signal, note: () => undefined, ...options })

/** Its steps in short, such as `token: ok`; what is wrong with its words behind it. */
export const inShort = ({ steps }: ReadinessWalk): readonly string[] =>
  steps.map(({ step, outcome, words }) =>
    outcome === 'ok' || outcome === 'skipped' ? `${step}: ${outcome}` : `${step}: ${outcome}: ${words}`,
  )
