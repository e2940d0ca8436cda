import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { initEnds } from '../../../src/cli/init-ends.ts'
import { loadSettings } from '../../../src/config/load-settings.ts'
import type { InitEnds } from '../../../src/init/gather.ts'
import { init } from '../../../src/init/init.ts'
import { silentProgress } from '../../../src/targets/progress.ts'

let root: string
/** As a browser calls what it downloads again. */
let folder: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'syn2op-given-'))
  folder = join(root, 'syn2op (1)')
  await mkdir(folder)
  await writeFile(join(folder, 'homeserver.yaml'), 'server_name: a.example\n')
  await writeFile(join(folder, 'url'), 'postgresql://u:s3cret@127.0.0.1:1/s\n')
})
afterAll(() => rm(root, { recursive: true }))

const endsWith = async (database: string, env: Readonly<Record<string, string>> = {}): Promise<InitEnds> => {
  await writeFile(join(folder, 'syn2op.yaml'), `synapse:\n  config: homeserver.yaml\n${database}`)
  return initEnds({
    settings: await loadSettings({ flags: {}, env, folder }),
    announced: () => Promise.resolve([]),
    stage: () => Promise.reject(new Error('nothing is staged')),
    progress: silentProgress,
    signal: AbortSignal.timeout(10_000),
  })
}

describe('a database that was given to init, in a folder with brackets', () => {
  it('is named by the file that holds its URL', async () => {
    const named = { file: join(folder, 'url') }
    expect((await endsWith('  databaseFile: url\n')).synapseDatabase).toEqual(named)
    expect((await endsWith('', { SYN2OP_SYNAPSE_DATABASE_FILE: 'url' })).synapseDatabase).toEqual(named)
  })

  it('is not named by a file where the settings hold a password, and these are not written over', async () => {
    const ends = await endsWith('  database: postgresql://u:s3cret@127.0.0.1:1/s\n')
    const file = join(folder, 'syn2op.yaml')
    expect(ends.synapseDatabase).toEqual({ secretFrom: `${file}:3`, settingsFile: file })
    await expect(init(ends, folder)).rejects.toThrow('holds a password, which would be lost')
    expect(await readFile(file, 'utf8')).toContain('s3cret')
  })

  it('is told by the variable that holds a password, which is no file', async () => {
    const { synapseDatabase } = await endsWith('', { SYN2OP_SYNAPSE_DATABASE: 'postgresql://u:s3cret@127.0.0.1:1/s' })
    expect(synapseDatabase).toEqual({ secretFrom: 'SYN2OP_SYNAPSE_DATABASE' })
  })
})
