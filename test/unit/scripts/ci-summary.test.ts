import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'syn2op-ci-'))
})
afterEach(() => rm(folder, { recursive: true }))

const steps = (...lines: readonly (readonly [string, number, number, number])[]) =>
  writeFile(path.join(folder, 'steps.tsv'), lines.map((line) => `${line.join('\t')}\n`).join(''))

/** A report as vitest's JSON reporter writes it. */
const report = (suite: string, tests: Readonly<Record<string, 'passed' | 'failed' | 'skipped'>>) => {
  const assertionResults = Object.entries(tests).map(([fullName, status]) => ({ fullName, status }))
  const status = assertionResults.some((each) => each.status === 'failed') ? 'failed' : 'passed'
  const file = path.join(process.cwd(), 'x.test.ts')
  return writeFile(
    path.join(folder, `${suite}.json`),
    JSON.stringify({ testResults: [{ name: file, status, assertionResults }] }),
  )
}

const summarise = () => {
  const script = fileURLToPath(new URL('../../../scripts/ci-summary.mjs', import.meta.url))
  const { status, stdout } = spawnSync(process.execPath, [script, folder], { encoding: 'utf8' })
  const lines = stdout.trimEnd().split('\n')
  return { status, last: lines.at(-1), lines }
}

test('all suites are summed up in the last line', async () => {
  await steps(['check', 5, 30, 0], ['unit', 9, 90, 0], ['integration', 70, 900, 0])
  await report('unit', { a: 'passed', b: 'passed' })
  await report('integration', { c: 'passed' })
  expect(summarise()).toMatchObject({ status: 0, last: '3 passed, 0 failed, 0 skipped' })
})

test('a failed test fails the whole', async () => {
  await steps(['unit', 9, 90, 1])
  await report('unit', { a: 'passed', b: 'failed' })
  expect(summarise()).toMatchObject({ status: 1, last: '1 passed, 1 failed, 0 skipped' })
})

test('a step that fails without any failed test counts as one failure', async () => {
  await steps(['check', 5, 30, 1], ['unit', 9, 90, 0])
  await report('unit', { a: 'passed' })
  const { lines, ...rest } = summarise()
  expect(rest).toStrictEqual({ status: 1, last: '1 passed, 1 failed, 0 skipped' })
  expect(lines).toContain('check ended with 1')
})

test('a test may be skipped only when it needs mas-cli or a mount', async () => {
  await steps(['unit', 9, 90, 0])
  await report('unit', { 'a': 'passed', 'syncs [mas-cli]': 'skipped', 'a full disk [mount]': 'skipped' })
  expect(summarise()).toMatchObject({ status: 0, last: '1 passed, 0 failed, 2 skipped' })
  await report('unit', { a: 'passed', syncs: 'skipped' })
  const { lines, ...rest } = summarise()
  expect(rest).toStrictEqual({ status: 1, last: '1 passed, 0 failed, 1 skipped' })
  expect(lines).toContain('skipped, but has to run: syncs')
})

test('nothing at all is no success', async () => {
  await steps(['install', 5, 120, 0])
  expect(summarise()).toMatchObject({ status: 1, last: '0 passed, 0 failed, 0 skipped' })
})

test('a suite that took too long is marked', async () => {
  await steps(['unit', 91, 90, 0])
  await report('unit', { a: 'passed' })
  expect(summarise().lines.find((line) => line.startsWith('unit'))).toMatch(/over budget$/u)
})
