import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { CheckDocument } from '../../src/report/documents.ts'
import { runBuiltProgram } from '../support/built-program.ts'
import { testPostgres } from '../support/postgres.ts'
import { makeToyRoad, type ToyRoad, toyTarget } from '../support/toy-road.ts'

let road: ToyRoad
let folder: string

const check = async (target: string, env: Readonly<Record<string, string>> = {}) => {
  const flags = road.flags.filter((flag) => !/^--(?:target|runs-dir)=/u.test(flag))
  const result = await runBuiltProgram(['check', `--target=${target}`, ...flags, road.asOf, '--json'], { folder, env })
  return { ...result, document: JSON.parse(result.stdout) as unknown }
}

beforeAll(async () => {
  road = await makeToyRoad(testPostgres(), { name: 'by_name', accounts: 40 })
})
afterAll(() => road.remove())
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'syn2op-by-name-'))
  return () => rm(folder, { recursive: true, force: true })
})

const toyPackage = join(toyTarget, '..')
const product = (document: unknown): string => (document as CheckDocument).target.product

describe('a target in a package of its own is found', () => {
  test('by its file, from the folder that one is in', async () => {
    await cp(toyTarget, join(folder, 'own.js'))
    await writeFile(join(folder, 'package.json'), '{"type":"module"}')
    const { code, document, stderr } = await check('./own.js')
    expect({ code, stderr }).toMatchObject({ code: 0 })
    expect(product(document)).toBe('Toy')
  })

  test('by the name of its package, installed in the folder that one is in', async () => {
    await cp(toyPackage, join(folder, 'node_modules', 'syn2op-toy-target'), { recursive: true })
    const { code, document, stderr } = await check('syn2op-toy-target')
    expect({ code, stderr }).toMatchObject({ code: 0 })
    expect(product(document)).toBe('Toy')
  })

  test('by the name that a plugin announces for it', async () => {
    const plugin = join(folder, 'plugin')
    const data = join(folder, 'data')
    await cp(toyPackage, plugin, { recursive: true })
    await writeFile(
      join(plugin, 'package.json'),
      JSON.stringify({
        name: 'syn2op-plugin-toy',
        version: '1.0.0',
        type: 'module',
        oclif: { hooks: { 'syn2op:targets': './hook.js' } },
      }),
    )
    await writeFile(
      join(plugin, 'hook.js'),
      `import { target } from './target.js'\nexport default async () => [target]\n`,
    )
    await mkdir(data)
    await writeFile(
      join(data, 'package.json'),
      JSON.stringify({ oclif: { schema: 1, plugins: [{ name: 'syn2op-plugin-toy', type: 'link', root: plugin }] } }),
    )
    const { code, document, stderr } = await check('toy', { SYN2OP_DATA_DIR: data })
    expect({ code, stderr }).toMatchObject({ code: 0 })
    expect(product(document)).toBe('Toy')
  })

  test('and where there is none, what could be meant is said', async () => {
    const { code, document } = await check('nobody-has-this')
    expect(code).toBe(64)
    expect(document).toMatchObject({ error: { code: 'target.missing', message: 'There is no target nobody-has-this' } })
    expect(await check('./nothing.js')).toMatchObject({ code: 64, document: { error: { code: 'target.missing' } } })
  })
})

describe('a target that does not keep to the interface is refused', () => {
  test('with everything that is wrong with its definition at once', async () => {
    await writeFile(join(folder, 'own.mjs'), `export const target = { name: '', apiVersion: 2 }`)
    const { code, document } = await check('./own.mjs')
    expect(code).toBe(64)
    expect(document).toMatchObject({
      error: {
        code: 'target.invalid',
        problems: [
          { message: '`name` must be a text that is not empty; it is an empty text' },
          { message: '`open` must be a function; it is absent' },
          { message: expect.stringContaining('`apiVersion` must be 1') },
        ],
      },
    })
  })

  test('with everything that is wrong with what it opens', async () => {
    const definition = `export const target = { name: 'half', apiVersion: 1, open: async () => ({ name: 'half', batchSize: 0 }) }`
    await writeFile(join(folder, 'own.mjs'), definition)
    const { code, document } = await check('./own.mjs')
    expect(code).toBe(64)
    const { error } = document as { readonly error: { readonly problems: readonly { readonly message: string }[] } }
    expect(error.problems.map(({ message }) => /`(\w+)`/u.exec(message)?.[1])).toEqual([
      'providers',
      'batchSize',
      'describe',
      'check',
      'plan',
      'apply',
      'close',
    ])
  })

  test('when it exports nothing, or cannot be loaded', async () => {
    await writeFile(join(folder, 'own.mjs'), 'export const other = 1')
    expect(await check('./own.mjs')).toMatchObject({
      code: 64,
      document: { error: { code: 'target.invalid', problems: [{ message: 'there is no export `target`' }] } },
    })
    await writeFile(join(folder, 'own.mjs'), 'export const target = {')
    expect(await check('./own.mjs')).toMatchObject({ code: 64, document: { error: { code: 'target.invalid' } } })
  })
})
