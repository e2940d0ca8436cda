import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { postgresUrl } from '../../../src/postgres/url-of.ts'
import { writeDemoConfigs } from '../../../src/rehearsal/demo/configs.ts'
import { DEMO } from '../../../src/rehearsal/demo/constants.ts'
import { takeSample } from '../../../src/rehearsal/sample/take-sample.ts'
import { loadHomeserver } from '../../../src/synapse/load-homeserver.ts'
import { createDemoHomeserver } from '../../support/migration/demo-homeserver.ts'
import { testPostgres } from '../../support/postgres.ts'
import { sampleRequest } from '../../support/sample/taken.ts'

const repository = fileURLToPath(new URL('../../..', import.meta.url))
const page = join(repository, 'docs', 'how-to', 'test-your-mapping.md')
const command = promisify(execFile)
let folder: string

/** Files of the page: blocks whose first line is a comment with the name of one. */
const filesOf = (text: string): ReadonlyMap<string, string> =>
  new Map(
    [...text.matchAll(/^```(?:ts|yaml)\n(?:\/\/|#) (?<name>\S+)\n(?<content>[\s\S]*?)^```$/gmu)].map(({ groups }) => [
      groups?.['name'] ?? '',
      groups?.['content'] ?? '',
    ]),
  )

/** The packages that npm installs with the archive's, and the two of the page. None of ours besides, such as types of pg. */
const installed = async (): Promise<readonly string[]> => {
  const { dependencies, optionalDependencies } = JSON.parse(
    await readFile(join(repository, 'package.json'), 'utf8'),
  ) as Readonly<Record<'dependencies' | 'optionalDependencies', Readonly<Record<string, string>>>>
  return [...Object.keys({ ...dependencies, ...optionalDependencies }), 'vitest', 'typescript', '@types/node']
}

const install = async (): Promise<void> => {
  const packed = await command('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
    cwd: repository,
  })
  const [{ filename }] = JSON.parse(packed.stdout) as readonly [{ readonly filename: string }]
  const modules = join(folder, 'node_modules')
  await mkdir(join(modules, 'syn2op'), { recursive: true })
  await command('tar', ['-xzf', join(folder, filename), '--strip-components=1', '-C', join(modules, 'syn2op')])
  for (const name of await installed()) {
    await mkdir(join(modules, name, '..'), { recursive: true })
    await symlink(join(repository, 'node_modules', name), join(modules, name))
  }
}

const makeSample = async (): Promise<void> => {
  const source = await createDemoHomeserver(testPostgres(), 'how_to_sample', { accounts: 60 })
  const { homeserver } = await writeDemoConfigs(join(folder, 'source'), { synapse: source, mas: source })
  const taken = { homeserver: await loadHomeserver([homeserver]), source, asOf: DEMO.now }
  await takeSample(sampleRequest(taken, join(folder, 'sample')))
}

const compile = (...files: readonly string[]): Promise<string> =>
  command(
    join(repository, 'node_modules', '.bin', 'tsc'),
    ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--skipLibCheck', '--types', 'node']
      .concat(['--module', 'nodenext', '--target', 'es2024'])
      .concat(files),
    { cwd: folder },
  ).then(
    () => 'sound',
    (error: { readonly stdout: string }) => error.stdout,
  )

interface Reported {
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly status: string
    }[]
  }[]
}

describe('the page about tests of one’s own mapping, in a repository that has syn2op installed', () => {
  let files: ReadonlyMap<string, string>

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'syn2op-how-to-'))
    files = filesOf(await readFile(page, 'utf8'))
    await install()
    await makeSample()
    await writeFile(join(folder, 'package.json'), '{ "type": "module", "private": true }')
    for (const [name, content] of files) await writeFile(join(folder, name), content)
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('has tests that are sound TypeScript by the types of the package alone', async () => {
    expect([...files.keys()].filter((name) => name.endsWith('.ts'))).toEqual([
      'vitest.config.ts',
      'mapping.test.ts',
      'usernames.test.ts',
      'sample.test.ts',
    ])
    expect(await compile(...[...files.keys()].filter((name) => name.endsWith('.ts')))).toBe('sound')
  })

  it('cannot describe people that there are not', async () => {
    const nonsense = [
      "{ localpart: 'a', kind: 'guest', password: 'x' }",
      "{ localpart: 'a', kind: 'ghost' }",
      "{ localpart: 'a', identities: [{ provider: 'company', subject: 'x' }] }",
      "{ localpart: 'a', kind: 'deactivated', emails: ['a@example.org'] }",
      "{ localpart: 'a', devices: [{ id: 'X', tokens: 'many' }] }",
      "{ password: 'x' }",
    ]
    const lines = nonsense.map((one) => `// @ts-expect-error\nsyntheticHomeserver({ people: [${one}] })`)
    await writeFile(
      join(folder, 'nonsense.ts'),
      `import { type MovedAccount, rehearse, syntheticHomeserver } from 'syn2op/testing'
      ${lines.join('\n')}
      // @ts-expect-error
      void rehearse({ people: syntheticHomeserver(), target: 'okta' })
      export const outcome = (account: MovedAccount): 'created' | 'x' => account.outcome === 'created' ? account.outcome : 'x'
      // @ts-expect-error
      export const wrong = (account: MovedAccount): number => account.emails.carried`,
    )
    expect(await compile('nonsense.ts')).toBe('sound')
  })

  it('has tests that pass', async () => {
    const env = {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      TMPDIR: process.env['TMPDIR'],
      SYN2OP_REHEARSAL_POSTGRES: postgresUrl(testPostgres().settings('postgres')),
    }
    const said = await command(
      process.execPath,
      [join(repository, 'node_modules', 'vitest', 'vitest.mjs'), 'run']
        .concat(['--reporter=default', '--reporter=json', '--outputFile.json=result.json'])
        .concat('--no-color'),
      { cwd: folder, env },
    ).catch((error: { readonly stdout: string; readonly stderr: string }) => error)
    const { testResults } = JSON.parse(await readFile(join(folder, 'result.json'), 'utf8')) as Reported
    const results = testResults.flatMap(({ assertionResults }) => assertionResults)
    expect(
      results.map(({ status }) => status),
      said.stdout + said.stderr,
    ).toEqual(Array.from({ length: 8 }, () => 'passed'))
  })

  it('loads no package before something is used', async () => {
    await writeFile(
      join(folder, 'light.js'),
      `import { registerHooks } from 'node:module'
      const loaded = new Set()
      registerHooks({ resolve(name, context, next) {
        const found = next(name, context)
        const [, other] = /\\/node_modules\\/((?:@[^/]+\\/)?[^/]+)\\/(?!.*\\/node_modules\\/)/u.exec(found.url) ?? []
        if (other !== undefined) loaded.add(other)
        return found
      } })
      const { syntheticHomeserver } = await import('syn2op/testing')
      syntheticHomeserver({ people: [{ localpart: 'a' }] })
      console.log(JSON.stringify([...loaded]))`,
    )
    const { stdout } = await command(process.execPath, ['light.js'], { cwd: folder })
    expect(JSON.parse(stdout)).toEqual(['syn2op'])
  })
})
