import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MANIFEST, SAMPLE_FORMAT, type SampleManifest } from '../../../src/rehearsal/sample/folder/manifest.ts'
import { newFolder } from '../../../src/rehearsal/sample/folder/new-folder.ts'
import { README } from '../../../src/rehearsal/sample/folder/readme.ts'
import { refuseOthers } from '../../../src/rehearsal/sample/folder/refuse-others.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'syn2op-sample-folder-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const manifest: SampleManifest = {
  format: SAMPLE_FORMAT,
  syn2op: '0.0.0',
  asOf: '2026-01-01T00:00:00.000Z',
  people: 'some',
  compressed: false,
  accounts: 1,
  rows: { users: 1 },
  original: { accounts: 1, rows: { users: 1 } },
  findings: [],
  left: [],
  tables: { users: { columns: { name: 'text' }, indexes: [] } },
}

const writeSample = async (place: string, users = '{}\n'): Promise<void> => {
  await mkdir(join(place, 'tables'), { recursive: true })
  for (const name of ['README.md', 'homeserver.yaml', 'canaries.txt', 'tokens.txt', 'appservice-1.yaml']) {
    await writeFile(join(place, name), name)
  }
  await writeFile(join(place, MANIFEST), JSON.stringify(manifest))
  await writeFile(join(place, 'tables', 'users.jsonl'), users)
}

describe('the place of a new sample', () => {
  it('may hold a sample, which is replaced as a whole', async () => {
    const out = join(folder, 'people')
    await writeSample(out, 'before\n')
    const made = await newFolder(out)
    await writeSample(made.path, 'after\n')
    await made.finish()
    expect(await readFile(join(out, 'tables', 'users.jsonl'), 'utf8')).toBe('after\n')
    expect(await readdir(folder)).toEqual(['people'])
  })

  it('is refused where a manifest.json is of something else', async () => {
    const out = join(folder, 'extension')
    await mkdir(out)
    await writeFile(join(out, MANIFEST), '{"manifest_version": 3, "name": "an extension of a browser"}')
    await expect(refuseOthers(out)).rejects.toMatchObject({ code: 'usage' })
    await expect(newFolder(out)).rejects.toMatchObject({ code: 'usage' })
  })

  it.each([
    '.git/config',
    'notes.txt',
    '.env',
    'tables/.hidden',
    'tables/other.jsonl',
    'tables/users.jsonl.gz',
    'README.md.d/a',
  ])('is refused where a sample holds %s too, which it did not write', async (name) => {
    const out = join(folder, 'people')
    await writeSample(out)
    await mkdir(dirname(join(out, name)), { recursive: true })
    await writeFile(join(out, name), 'mine')
    await expect(newFolder(out)).rejects.toMatchObject({ code: 'usage' })
    expect(await readFile(join(out, name), 'utf8')).toBe('mine')
  })

  it('is refused where a file of the sample is a link or a folder', async () => {
    const out = join(folder, 'people')
    await writeSample(out)
    await rm(join(out, 'tokens.txt'))
    await symlink(join(folder, 'elsewhere'), join(out, 'tokens.txt'))
    await expect(newFolder(out)).rejects.toMatchObject({ code: 'usage' })
  })

  it('keeps what somebody put there while the sample was made', async () => {
    const out = join(folder, 'people')
    const made = await newFolder(out)
    await writeSample(made.path)
    await mkdir(out)
    await writeFile(join(out, 'letter.txt'), 'mine')
    await expect(made.finish()).rejects.toMatchObject({ code: 'usage', message: expect.stringContaining(`${out} `) })
    await made.discard()
    expect(await readdir(folder)).toEqual(['people'])
    expect(await readFile(join(out, 'letter.txt'), 'utf8')).toBe('mine')
  })
})

/** Begins a sample in a process of its own, which is killed then. */
const begunAndKilled = async (out: string): Promise<void> => {
  const program = `
    import { writeFile } from 'node:fs/promises'
    import { join } from 'node:path'
    import { newFolder } from '${new URL('../../../src/rehearsal/sample/folder/new-folder.ts', import.meta.url).href}'
    const { path } = await newFolder(${JSON.stringify(out)})
    await writeFile(join(path, 'users.jsonl'), 'half')
    process.kill(process.pid, 'SIGKILL')`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [, signal] = await once(child, 'exit')
  expect(signal).toBe('SIGKILL')
}

describe('a sample that is not finished yet', () => {
  it('leaves alone what is called as it might be', async () => {
    for (const name of ['people.unfinished', '.people.unfinished-letter']) {
      await mkdir(join(folder, name))
      await writeFile(join(folder, name, 'letter.txt'), 'mine')
    }
    const made = await newFolder(join(folder, 'people'))
    await made.discard()
    for (const name of ['people.unfinished', '.people.unfinished-letter']) {
      expect(await readFile(join(folder, name, 'letter.txt'), 'utf8')).toBe('mine')
    }
  })

  it('does not meet another one of the same place', async () => {
    const out = join(folder, 'people')
    const [one, other] = [await newFolder(out), await newFolder(out)]
    await writeSample(one.path, 'one\n')
    await writeSample(other.path, 'other\n')
    await one.discard()
    expect(await readFile(join(other.path, 'tables', 'users.jsonl'), 'utf8')).toBe('other\n')
    await other.finish()
    expect(await readdir(folder)).toEqual(['people'])
    expect(await readFile(join(out, 'tables', 'users.jsonl'), 'utf8')).toBe('other\n')
  })

  it('is hidden, for its owner alone, and never added by git', async () => {
    const git = (...args: readonly string[]) => promisify(execFile)('git', ['-C', folder, ...args])
    await git('init', '--quiet')
    const out = join(folder, 'people')
    await begunAndKilled(out)
    const [left = ''] = (await readdir(folder)).filter((name) => name !== '.git')
    expect(left).toMatch(/^\.people\.unfinished-/u)
    expect((await stat(join(folder, left))).mode & 0o077).toBe(0)
    await git('add', '.')
    expect((await git('ls-files')).stdout).toBe('')
  })

  it('goes with the next one of the same place, where it was killed', async () => {
    const out = join(folder, 'people')
    await begunAndKilled(join(folder, 'others'))
    await begunAndKilled(out)
    const alive = await newFolder(out)
    const made = await newFolder(out)
    await writeSample(made.path)
    await made.finish()
    await alive.discard()
    expect((await readdir(folder)).toSorted()).toEqual([expect.stringMatching(/^\.others\.unfinished-/u), 'people'])
  })

  it('gives back what it had moved away, where it was killed before it put itself in its place', async () => {
    const out = join(folder, 'people')
    await begunAndKilled(out)
    const [left = ''] = await readdir(folder)
    await writeSample(out, 'before\n')
    await rename(out, join(folder, left, 'before'))
    await (await newFolder(out)).discard()
    expect(await readdir(folder)).toEqual(['people'])
    expect(await readFile(join(out, 'tables', 'users.jsonl'), 'utf8')).toBe('before\n')
  })

  it('goes with the old sample that it had replaced, where it was killed while that was removed', async () => {
    const out = join(folder, 'people')
    await begunAndKilled(out)
    const [left = ''] = await readdir(folder)
    await mkdir(join(folder, left, 'replaced', 'tables'), { recursive: true })
    await writeSample(out)
    await (await newFolder(out)).discard()
    expect(await readdir(folder)).toEqual(['people'])
  })

  it('gives it back beside the place where it is no sample and something else has its place by now', async () => {
    const out = join(folder, 'people')
    await begunAndKilled(out)
    const [left = ''] = await readdir(folder)
    await mkdir(join(folder, left, 'before'))
    await writeFile(join(folder, left, 'before', 'letter.txt'), 'mine')
    await writeSample(out)
    await (await newFolder(out)).discard()
    expect((await readdir(folder)).toSorted()).toEqual(['people', expect.stringMatching(/^people\.before-/u)])
    const [, beside = ''] = (await readdir(folder)).toSorted()
    expect(await readFile(join(folder, beside, 'letter.txt'), 'utf8')).toBe('mine')
    expect(await readFile(join(out, 'tables', 'users.jsonl'), 'utf8')).toBe('{}\n')
  })
})

describe('what a sample says of itself', () => {
  it('is that its times can be known by whoever knows when it was taken', () => {
    expect(README.replaceAll('\n', ' ')).toContain(
      'whoever knows when it was taken, by the date of a commit for instance, knows the span',
    )
  })
})
