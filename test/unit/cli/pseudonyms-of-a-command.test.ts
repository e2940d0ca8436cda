import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { MigrationCommand } from '../../../src/cli/migration-command.ts'
import { verifyDocumentWithDifferences } from '../../support/documents.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'syn2op-pseudonyms-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** As a command does: what it writes itself while it works, and the document that it shows when it ends. */
class LosingItsKey extends MigrationCommand<typeof LosingItsKey> {
  async run(): Promise<readonly unknown[]> {
    const { lists } = await this.reportsAsked(await this.settings())
    await rm(path.join(folder, 'names.key'))
    const { differences } = await this.deliver(verifyDocumentWithDifferences, [])
    return [lists.pseudonyms?.name('@dana:example.org'), differences[0]?.row]
  }
}

test('a command has one key for its names to its end, whatever becomes of the file', async () => {
  const root = fileURLToPath(new URL('../../..', import.meta.url))
  const key = path.join(folder, 'names.key')
  const [atFirst, atLast] = await LosingItsKey.run(['--pseudonymise', key, '--json'], { root })
  expect(atFirst).toMatch(/^@p-/u)
  expect(atLast).toBe(atFirst)
  await expect(readFile(key)).rejects.toThrow('ENOENT')
})
