import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toyTarget } from '../support/toy-road.ts'

const repository = fileURLToPath(new URL('../..', import.meta.url))
const command = promisify(execFile)
let folder: string

/** What npm would install, with the packages that it depends on beside it. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'syn2op-package-'))
  const packed = await command('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
    cwd: repository,
  })
  const [{ filename }] = JSON.parse(packed.stdout) as readonly [{ readonly filename: string }]
  const modules = join(folder, 'node_modules')
  await mkdir(join(modules, 'syn2op'), { recursive: true })
  await command('tar', ['-xzf', join(folder, filename), '--strip-components=1', '-C', join(modules, 'syn2op')])
  for (const name of await readdir(join(repository, 'node_modules'))) {
    if (!name.startsWith('.')) await symlink(join(repository, 'node_modules', name), join(modules, name))
  }
  await cp(join(toyTarget, '..'), folder, { recursive: true })
}, 120_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('syn2op/testing, as npm installs it', () => {
  test('has types that a target in TypeScript is checked by', async () => {
    const source = (outcome: string): string => `
      import { conformance, memoryPeople, memoryTarget, type Outcome, type TargetDefinition } from 'syn2op/testing'
      export const target: TargetDefinition = {
        name: 'own', apiVersion: 1, open: async () => memoryTarget(memoryPeople()),
      }
      export const outcome: Outcome = { mxid: '@a:b', outcome: '${outcome}', rows: [] }
      export const suite: typeof conformance = conformance`
    const compile = async (text: string): Promise<string> => {
      await writeFile(join(folder, 'own.ts'), text)
      const flags = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2024', 'own.ts']
      const tsc = join(repository, 'node_modules', '.bin', 'tsc')
      return command(tsc, flags, { cwd: folder }).then(
        () => 'sound',
        (error: { readonly stdout: string }) => error.stdout,
      )
    }
    expect(await compile(source('created'))).toBe('sound')
    expect(await compile(source('creatd'))).toContain('TS2820')
  })

  test('runs the suite without this repository and without a test runner', async () => {
    await writeFile(
      join(folder, 'try.js'),
      `import { memoryPeople, memoryTarget, allRows, runConformance } from 'syn2op/testing'
       let people = memoryPeople()
       const report = await runConformance({
         name: 'own',
         reset: async () => { people = memoryPeople() },
         open: async () => memoryTarget(people),
         state: async () => allRows(people),
       }, { families: ['planning', 'doing the same twice', 'what people changed at the target'] })
       console.log(JSON.stringify(report))`,
    )
    const { stdout } = await command(process.execPath, ['try.js'], { cwd: folder })
    const report = JSON.parse(stdout) as {
      readonly cases: readonly { readonly result: string; readonly message?: string }[]
    }
    expect(report).toMatchObject({ target: 'own', failed: 0 })
    expect(report.cases.filter(({ result }) => result === 'passed').length).toBeGreaterThan(7)
    expect(report.cases.filter(({ result }) => result === 'skipped').map(({ message }) => message)).toEqual(
      Array.from({ length: 3 }, () => 'the harness cannot change anything as a person would (personal)'),
    )
  })
})
