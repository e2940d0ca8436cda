import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { boundPlan } from '../../../../src/migration/planned/bound-plan.ts'
import { runFiles } from '../../../../src/migration/runs/run-folder.ts'
import type { PlanDocument } from '../../../../src/report/documents.ts'
import { boundSentence } from '../../../../src/report/drift-words.ts'
import { toJson } from '../../../../src/report/to-json.ts'
import { silentProgress } from '../../../../src/targets/progress.ts'
import { planDocument } from '../../../support/documents.ts'

const document: PlanDocument = {
  ...planDocument,
  fingerprints: { source: '1', target: '2', mapping: planDocument.mapping.sha256 },
  decided: { road: 'load', rows: { providers: [], target: [] }, accounts: [] },
}
const given = { file: 'plan.json', document }
const other = { file: 'other.json', document: { ...document, asOf: '2026-11-22T22:00:00.000Z' } }

describe('the plan that a run is bound to', () => {
  const RUN = '20261121-031500-9f3a'
  const UNBOUND = '20261121-031501-9f3a'
  const LOST = '20261121-031502-9f3a'
  const NOWHERE = '20261121-031503-9f3a'
  let runs: string
  let notes: string[]
  const bound = (plan: { readonly plan?: typeof given }, resumes?: string) =>
    boundPlan({ ...plan, runs, progress: { ...silentProgress, note: (note) => void notes.push(note) } }, resumes)

  beforeAll(async () => {
    runs = await mkdtemp(join(tmpdir(), 'syn2op-runs-'))
    for (const run of [RUN, UNBOUND, LOST]) await mkdir(runFiles(runs, run).folder)
    await writeFile(runFiles(runs, RUN).bound, toJson(document))
    await writeFile(runFiles(runs, UNBOUND).plan, toJson(planDocument))
    const drift = { plan: { file: 'my plan.json', asOf: document.asOf }, newAccounts: 0, goneAccounts: 0, rows: [] }
    await writeFile(runFiles(runs, LOST).plan, toJson({ ...planDocument, drift }))
  })
  beforeEach(() => {
    notes = []
  })
  afterAll(() => rm(runs, { recursive: true }))

  test('is the one that is given; none where none is', async () => {
    expect((await bound({ plan: given }, undefined))?.file).toBe('plan.json')
    expect(await bound({}, undefined)).toBeUndefined()
    expect(await bound({}, UNBOUND)).toBeUndefined()
    expect((await bound({ plan: given }, UNBOUND))?.file).toBe('plan.json')
  })

  test('stays the same when the run is resumed, given or not', async () => {
    expect((await bound({}, RUN))?.document).toEqual(document)
    expect((await bound({ plan: given }, RUN))?.document).toEqual(document)
    await expect(bound({ plan: other }, RUN)).rejects.toMatchObject({ code: 'plan.other' })
    expect(notes).toEqual([])
  })

  test('is asked for where the run had one and its copy is lost', async () => {
    await expect(bound({}, LOST)).rejects.toMatchObject({
      code: 'plan.unreadable',
      message: expect.stringContaining('was bound to my plan.json'),
      next: [expect.stringContaining("--resume --plan 'my plan.json'")],
    })
    expect((await bound({ plan: given }, LOST))?.file).toBe('plan.json')
  })

  test('may have been there where nothing is left of the record of the run, which is said', async () => {
    expect(await bound({}, NOWHERE)).toBeUndefined()
    expect(notes).toEqual([expect.stringMatching(/is not in .*: if the run was bound to a plan, give it again/u)])
  })
})

describe('what is told of it before the question', () => {
  const since = (newAccounts: number, goneAccounts: number): string =>
    boundSentence(
      { plan: { file: 'p', asOf: '2026-11-20T22:00:00.000Z' }, newAccounts, goneAccounts, rows: [] },
      Date.parse('2026-11-22T22:00:00.000Z'),
    )

  test.each([
    [0, 0, 'As planned 2 d ago; no account is new since.'],
    [1, 0, 'As planned 2 d ago; 1 account is new since.'],
    [1200, 1, 'As planned 2 d ago; 1,200 accounts are new since, 1 is gone.'],
  ])('%i new and %i gone', (born, gone, sentence) => {
    expect(since(born, gone)).toBe(sentence)
  })
})
