import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { accountsOfRuns } from '../../../../src/migration/slow-road/accounts-of-runs.ts'
import { openJournal } from '../../../../src/migration/slow-road/journal.ts'
import type { JournalHead } from '../../../../src/migration/slow-road/journal-head.ts'
import type { SlowRun } from '../../../../src/migration/slow-road/runs.ts'
import type { OutcomeKind } from '../../../../src/targets/changes.ts'

let folder: string
let runs: SlowRun[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'syn2op-accounts-of-runs-'))
  runs = []
})
afterEach(() => rm(folder, { recursive: true }))

/** The file of one more run, with how each account ended; undefined: it was begun, and the run died. */
const enter = (state: JournalHead['state'], ended: Readonly<Record<string, OutcomeKind | undefined>>): void => {
  const runId = `run-${runs.length}`
  const head = { runId, target: 'toy', location: '', serverName: '', asOf: 0, mappingSha256: '', state }
  const file = join(folder, `${runId}.sqlite`)
  const journal = openJournal(file)
  journal.write(head)
  journal.enterGone(Object.keys(ended))
  journal.intend(Object.keys(ended).map((mxid) => ({ mxid, decision: 'migrate' })))
  journal.report(
    Object.entries(ended).flatMap(([mxid, outcome]) => (outcome === undefined ? [] : [{ mxid, outcome, rows: [] }])),
  )
  journal.close()
  runs.push({ file, head })
}

const seen = () => {
  const { recorded, takenBack } = accountsOfRuns({ runs })
  return { recorded: [...recorded].toSorted(), takenBack: [...takenBack].toSorted() }
}

describe('the accounts of the runs of a folder', () => {
  it('are on record where they arrived or were held back, until they are removed', () => {
    enter('done', { a: 'created', b: 'held back', c: 'rejected', d: undefined, e: 'unchanged' })
    expect(seen()).toEqual({ recorded: ['a', 'b', 'e'], takenBack: [] })
    enter('done', { a: 'removed' })
    expect(seen()).toEqual({ recorded: ['b', 'e'], takenBack: [] })
  })

  it('are taken back by a rollback, whether it ended or died, until a run attempts them again', () => {
    enter('taking back', { a: 'created', b: 'created', c: 'created', d: 'created' })
    enter('rollback', { a: 'removed', b: undefined, c: 'unchanged' })
    expect(seen()).toEqual({ recorded: ['c', 'd'], takenBack: ['a', 'b'] })
    enter('open', { a: 'created', b: 'rejected' })
    expect(seen()).toEqual({ recorded: ['a', 'c', 'd'], takenBack: [] })
  })
})
