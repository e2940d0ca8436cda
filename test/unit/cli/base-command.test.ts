import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BaseCommand } from '../../../src/cli/base-command.ts'

let file = ''
beforeAll(async () => {
  file = path.join(await mkdtemp(path.join(tmpdir(), 'syn2op-command-')), 'syn2op.yaml')
  await writeFile(file, 'cohort: pilot\n')
})
afterAll(() => rm(path.dirname(file), { recursive: true }))

/** As a migration that takes hours does: it asks when it begins, and when it tells its result. */
class AskingTwice extends BaseCommand<typeof AskingTwice> {
  async run(): Promise<readonly unknown[]> {
    const first = await this.settings()
    await rm(file)
    return [first.cohort?.value, (await this.settings()).cohort?.value]
  }
}

test('a command knows its settings to its end, whatever becomes of their file', async () => {
  const root = fileURLToPath(new URL('../../..', import.meta.url))
  expect(await AskingTwice.run(['--config', file], { root })).toStrictEqual(['pilot', 'pilot'])
})
