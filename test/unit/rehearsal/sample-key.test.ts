import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defaultKeyFile } from '../../../src/rehearsal/sample/folder/default-key-file.ts'
import { sampleKey } from '../../../src/rehearsal/sample/folder/sample-key.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'syn2op-sample-key-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('the place of the key of a sample', () => {
  it('is refused in the folder of the sample, whatever the file is called', async () => {
    const out = join(folder, 'people')
    await mkdir(out)
    for (const name of ['key', '..key', '...', '..d/key']) {
      await expect(sampleKey(join(out, name), out), name).rejects.toMatchObject({ code: 'usage' })
    }
  })

  it('is refused there by way of a link too, of the folder and of the file', async () => {
    const out = join(folder, 'people')
    await mkdir(out)
    await symlink(out, join(folder, 'link'))
    await expect(sampleKey(join(folder, 'link', 'key'), out)).rejects.toMatchObject({ code: 'usage' })
    await expect(sampleKey(join(out, 'key'), join(folder, 'link'))).rejects.toMatchObject({ code: 'usage' })
    await writeFile(join(out, 'kept'), 'a key of sixteen bytes and more', { mode: 0o600 })
    await symlink(join(out, 'kept'), join(folder, 'key'))
    await expect(sampleKey(join(folder, 'key'), out)).rejects.toMatchObject({ code: 'usage' })
  })

  it('may begin as the folder does, or lie above it', async () => {
    const out = join(folder, 'people')
    for (const file of [join(folder, 'people.key'), join(folder, '..key')]) {
      expect((await sampleKey(file, out)).length).toBeGreaterThan(16)
    }
  })

  it('is refused in the repository in which the sample is, where it would be committed beside it', async () => {
    await mkdir(join(folder, 'repository', '.git'), { recursive: true })
    const out = join(folder, 'repository', 'test', 'people')
    const file = join(folder, 'repository', 'sample.key')
    await expect(sampleKey(file, out)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('repository'),
    })
    await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' })
    expect((await sampleKey(join(folder, 'sample.key'), out)).length).toBeGreaterThan(16)
  })
})

describe('the default place of the key', () => {
  it('is in the folder for settings of whoever runs it, which is theirs alone', async () => {
    const file = await defaultKeyFile({ XDG_CONFIG_HOME: join(folder, 'config') })
    expect(file).toBe(join(folder, 'config', 'syn2op', 'sample.key'))
    expect((await stat(join(folder, 'config', 'syn2op'))).mode & 0o777).toBe(0o700)
    await sampleKey(file, join(folder, 'people'))
    expect(await readFile(file, 'utf8')).toMatch(/^[\w-]{43}\n$/u)
  })

  it('is at home where that folder is not named, or not from the root', async () => {
    const home = join(folder, 'home')
    const file = join(home, '.config', 'syn2op', 'sample.key')
    expect(await defaultKeyFile({ HOME: home })).toBe(file)
    expect(await defaultKeyFile({ HOME: home, XDG_CONFIG_HOME: 'config' })).toBe(file)
  })
})
