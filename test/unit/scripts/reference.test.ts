import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { table } from '../../../scripts/reference/markdown.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

test('the reference says what the sources say', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/generate-reference.ts', '--check'], {
    cwd: root,
    encoding: 'utf8',
  })
  expect({ status, stderr }).toStrictEqual({ status: 0, stderr: '' })
})

test('pipes and line breaks do not break a table', () => {
  expect(table(['Flag', 'Meaning'], [['`--a|b`', 'one\n  two']])).toBe(
    '| Flag | Meaning |\n| --- | --- |\n| `--a\\|b` | one two |',
  )
})
