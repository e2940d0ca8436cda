import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { paced } from '../../../../src/migration/pacing/start-pacing.ts'
import { runFiles } from '../../../../src/migration/runs/run-folder.ts'
import { silentProgress } from '../../../../src/targets/progress.ts'

const runId = '20261121-220000-07da'
let runs = ''
let file = ''

beforeEach(async () => {
  runs = await mkdtemp(join(tmpdir(), 'syn2op-paced-'))
  const files = runFiles(runs, runId)
  await mkdir(files.folder)
  file = files.pause
})
afterEach(() => rm(runs, { recursive: true }))

/** Runs one batch; the run goes on once it is said to be paused. */
const told = async (pacing: Parameters<typeof paced>[0]['pacing']): Promise<readonly string[]> => {
  const notes: string[] = []
  const note = (message: string): void => {
    notes.push(message)
    if (message.startsWith('Paused')) void rm(file)
  }
  const run = { runs, runId, concurrency: 1, progress: { ...silentProgress, note }, ...(pacing ? { pacing } : {}) }
  await paced(run, async (pace) => {
    expect(await pace.turn(1, AbortSignal.timeout(5000))).toBe('go')
    pace.done({ accounts: 1, rejected: 0, source: 1, target: 1 })
  })
  return notes
}

test('a run that is paused before its first batch, while it decides, rests and says so', async () => {
  await writeFile(file, '')
  expect(await told({ onToggle: () => () => {} })).toEqual([
    expect.stringMatching(/^Paused: .*rm .*pause \(or kill -USR2 \d+\)$/u),
    'Going on.',
  ])
})

test('a signal that nobody listens for is not offered: it would end the process', async () => {
  await writeFile(file, '')
  expect((await told(undefined))[0]).not.toContain('USR2')
})
