import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Syn2opError } from '../../../../src/errors/syn2op-error.ts'
import { openJournal, type SlowJournal } from '../../../../src/migration/slow-road/journal.ts'
import type { JournalHead } from '../../../../src/migration/slow-road/journal-head.ts'
import { leftAtTarget } from '../../../../src/migration/slow-road/left-at-target.ts'
import { runBatches } from '../../../../src/migration/slow-road/run-batches.ts'
import type { SlowRun } from '../../../../src/migration/slow-road/runs.ts'
import { writtenByRuns } from '../../../../src/migration/slow-road/written-by-run.ts'
import type { Changes, Outcome, OutcomeKind } from '../../../../src/targets/changes.ts'
import { memoryTarget } from '../../../../src/targets/memory/memory-target.ts'
import { memoryPeople } from '../../../../src/targets/memory/people.ts'
import type { Target } from '../../../../src/targets/target.ts'
import { leftSource, readerOfNobody } from '../../../support/migration/left-source.ts'

const OLD = '@old:example.org'
const NEW = '@new:example.org'
const LATER = '@later:example.org'

let folder: string
let runs: SlowRun[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'syn2op-run-batches-'))
  runs = []
})
afterEach(() => rm(folder, { recursive: true }))

type Apply = (names: readonly string[], stop: () => void) => readonly Outcome[]

const told = (names: readonly string[], of: (mxid: string) => OutcomeKind): readonly Outcome[] =>
  names.map((mxid) => ({ mxid, outcome: of(mxid), rows: [] }))

const target = (apply: (names: readonly string[]) => readonly Outcome[]): Target => ({
  ...memoryTarget(memoryPeople()),
  plan: async ({ ordinal, accounts }): Promise<Changes> => ({
    batch: ordinal,
    accounts: accounts.map(({ mxid }) => ({ mxid, change: 'create', rows: [] })),
    discard: async () => {},
  }),
  apply: async ({ accounts }) => apply(accounts.map(({ mxid }) => mxid)),
})

/** A run over some accounts that ends as the target's answers, one after the other, make it end. */
const run = async (
  runId: string,
  names: readonly string[],
  { batchSize = 100 }: { readonly batchSize?: number } = {},
  ...answers: readonly Apply[]
): Promise<void> => {
  const head: JournalHead = {
    runId,
    target: 'toy',
    location: '',
    serverName: 'example.org',
    asOf: 0,
    mappingSha256: '',
    state: 'open',
  }
  const file = join(folder, `${runId}.sqlite`)
  const journal: SlowJournal = openJournal(file)
  const stop = new AbortController()
  const left = [...answers]
  journal.write(head)
  journal.enterGone(names)
  await runBatches({
    target: {
      ...target((asked) => left.shift()?.(asked, () => stop.abort()) ?? told(asked, () => 'created')),
      batchSize,
    },
    source: leftSource,
    readers: [readerOfNobody],
    journal,
    run: { runId, asOf: 0, serverName: 'example.org', mappingSha256: '' },
    signal: stop.signal,
    applied: async () => {},
  }).catch(() => {})
  journal.close()
  runs.push({ file, head })
}

const known = (runId: string) => ({
  ...writtenByRuns(runs, [runId]),
  left: [...leftAtTarget(runs.map(({ file }) => file))].toSorted(),
})

const stopsAfterNew =
  (unclear: readonly string[] = []): Apply =>
  (names, stop) => {
    stop()
    return names.map((mxid) => ({
      mxid,
      outcome: mxid === NEW ? 'created' : 'not attempted',
      rows: [],
      ...(unclear.includes(mxid) ? { unclear: true } : {}),
    }))
  }

describe('a run that is stopped within a batch', () => {
  beforeEach(() => run('first', [OLD]))

  it('has written nothing of whom it did not begin with', async () => {
    await run('second', [NEW, OLD, LATER], {}, stopsAfterNew())
    expect(known('second')).toEqual({
      created: [NEW],
      added: [],
      changed: [],
      left: [NEW, OLD].toSorted(),
      createdByOthers: new Map([['first', 1]]),
    })
  })

  it('may have written of those whose requests were cut off', async () => {
    await run('second', [NEW, OLD, LATER], {}, stopsAfterNew([OLD, LATER]))
    expect(known('second')).toEqual({
      created: expect.arrayContaining([NEW, LATER]),
      added: [],
      changed: [OLD],
      left: [LATER, NEW, OLD].toSorted(),
      createdByOthers: new Map([['first', 1]]),
    })
  })

  it('may have written of everybody whom an earlier try of the batch may have reached', async () => {
    const lost: Apply = () => {
      throw new Syn2opError('server.unreachable', 'the answer was lost')
    }
    await run('second', [NEW, OLD, LATER], {}, lost, stopsAfterNew())
    expect(known('second')).toMatchObject({ created: expect.arrayContaining([NEW, LATER]), changed: [OLD] })
  })
})

describe('a run by which an account gave something up for another', () => {
  const ROW = { relation: 'threepid', create: 0, update: 0, unchanged: 1, theirs: 0, foreign: 0 } as const

  it.each(['rejected', 'held back'] as const)('has changed it, though it was %s itself', async (outcome) => {
    await run('first', [OLD, LATER])
    const gives: Apply = () => [
      { mxid: OLD, outcome, rows: [{ ...ROW, remove: 1 }] },
      { mxid: LATER, outcome, rows: [{ ...ROW, remove: 0 }] },
    ]
    await run('second', [OLD, LATER], {}, gives)
    expect(known('second')).toMatchObject({ created: [], added: [], changed: [OLD] })
  })
})

describe('a run that dies', () => {
  const dies: Apply = () => {
    throw new Error('killed')
  }

  it('may have written of everybody of the batch that it was at', async () => {
    await run('first', [OLD])
    await run('second', [NEW, OLD], {}, dies)
    expect(known('second')).toMatchObject({ created: [NEW], changed: [OLD] })
  })

  it('has written nothing of whom it had put off until all others are done', async () => {
    await run('first', [LATER])
    const putsOff: Apply = (names) => told(names, () => 'not attempted')
    await run('second', [LATER, NEW], { batchSize: 1 }, putsOff, dies)
    expect(known('second')).toMatchObject({ created: [NEW], changed: [] })
  })
})
