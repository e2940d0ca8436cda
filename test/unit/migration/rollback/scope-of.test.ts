import { describe, expect, it } from 'vitest'
import { scopeOf } from '../../../../src/migration/rollback/scope-of.ts'
import type { RoadHistory } from '../../../../src/targets/road-history.ts'

const [FIRST, SECOND, THIRD] = ['20261121-100000-aaaa', '20261121-110000-bbbb', '20261121-120000-cccc'] as const

/** The second run did not end, and a later one went on from there. */
const history: RoadHistory = {
  state: 'online',
  runs: [
    { runId: THIRD, asOf: 0 },
    { runId: FIRST, asOf: 0 },
  ],
  standing: [THIRD, SECOND, FIRST],
  final: false,
}

describe('the last run', () => {
  it('is the newest that stands', () => {
    expect(scopeOf('last', history)).toEqual({ kind: 'run', runId: THIRD })
  })

  it('is one that did not end, once those after it are taken back', () => {
    const left = { ...history, runs: history.runs.slice(1), standing: history.standing.slice(1) }
    expect(scopeOf('last', left)).toEqual({ kind: 'run', runId: SECOND })
  })

  it('is none where nothing stands', () => {
    expect(() => scopeOf('last', { ...history, runs: [], standing: [] })).toThrow(
      expect.objectContaining({ code: 'run.missing' }),
    )
  })
})

it('an unknown name is answered by all that stand, whether they ended or not', () => {
  expect(() => scopeOf('nobody', history)).toThrow(
    expect.objectContaining({ next: [`Runs: ${THIRD}, ${SECOND}, ${FIRST}.`] }),
  )
})
