import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, statSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FakeSyn2op, fakeSyn2op, repository } from '../../support/ci/fake-syn2op.ts'
import { runScript, type ScriptRun } from '../../support/ci/run-script.ts'

const SCRIPT = join(repository, 'ci', 'rehearse.sh')

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'syn2op-ci-shell-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const environmentOf = (fake: FakeSyn2op, variables: Readonly<Record<string, string>>): Record<string, string> => ({
  PATH: `${fake.bin}:${process.env['PATH']}`,
  HOME: folder,
  REHEARSE_SYN2OP: 'path',
  REHEARSE_PEOPLE: 'demo',
  ...variables,
})

const script = (
  fake: FakeSyn2op,
  words: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<ScriptRun> => runScript(['sh', SCRIPT, ...words], { folder, environment: environmentOf(fake, variables) })

const report = (name: string): string => join(folder, 'rehearsal-report', name)

describe('ci/rehearse.sh', () => {
  it.each([
    [0, 'passed', 'everything that could be tried'],
    [12, 'failed', 'the report says what'],
    [1, 'none', 'nobody foresaw'],
    [4, 'none', 'not allowed'],
    [5, 'none', 'try again'],
    [64, 'none', 'not as it must be'],
    [130, 'none', 'interrupted'],
    [99, 'none', 'killed, or could not be started'],
  ])('passes the exit code %i on, as the verdict %s, and says what it means', async (code, verdict, words) => {
    const fake = await fakeSyn2op(folder, code)
    const run = await script(fake, [])
    expect(run.code).toBe(code)
    expect(run.output).toMatch(new RegExp(`^Rehearsal: exit code ${code}, .*${words}`, 'm'))
    const outcome = await readFile(report('outcome.env'), 'utf8')
    expect(outcome).toContain(`REHEARSAL_VERDICT=${verdict}\nREHEARSAL_EXIT_CODE=${code}\n`)
    const files = ['JUNIT=rehearsal-report/rehearsal.xml', 'MARKDOWN=rehearsal-report/rehearsal.md']
    for (const file of files) expect(outcome.includes(`REHEARSAL_${file}\n`)).toBe(verdict !== 'none')
    expect((await fake.calls()).at(-1)).toEqual(['rehearse', '--clean=dead'])
  })

  it('hands everything on as it is written, whatever is in it', async () => {
    const fake = await fakeSyn2op(folder, 0)
    const people = join(folder, '$(touch owned) it\'s; a "sample" *')
    await mkdir(people)
    const run = await script(fake, ['--accounts=60', '--damage', 'a b'], {
      REHEARSE_PEOPLE: people,
      REHEARSE_TARGET: 'keycloak',
      REHEARSE_TARGET_CONFIG: '`touch owned`.yaml',
      REHEARSE_MAPPING: '-m $HOME; touch owned',
      REHEARSE_REQUIRE: 'local',
      REHEARSE_IMAGES: 'postgres=own/postgres:17\n\nkeycloak=own/kc:26 $(touch owned)',
      REHEARSE_REGISTRY: '*',
      REHEARSE_PULL: "never' && touch owned '",
      REHEARSE_ARGS: '--accept=all-warnings\n--tokens=a  b\\n"',
      REHEARSE_REPORTS: '-reports of $(touch owned)',
    })
    expect([run.code, run.output]).toEqual([0, expect.anything()])
    expect(existsSync(join(folder, 'owned'))).toBe(false)
    const [, call] = await fake.calls()
    expect(call).toEqual([
      'rehearse',
      "--pull=never' && touch owned '",
      '--registry=*',
      '--require=local',
      '--mapping=-m $HOME; touch owned',
      '--target-config=`touch owned`.yaml',
      '--target=keycloak',
      `--sample=${people}`,
      '--accounts=60',
      '--damage',
      'a b',
      '--image=postgres=own/postgres:17',
      '--image=keycloak=own/kc:26 $(touch owned)',
      '--accept=all-warnings',
      '--tokens=a  b\\n"',
      ...['junit=', 'markdown=', 'html=', 'json='].flatMap((kind) => [
        '--report',
        expect.stringMatching(`^${kind}\\./-reports of \\$\\(touch owned\\)/rehearsal\\.[a-z]+$`),
      ]),
    ])
  })

  it('does not begin where syn2op itself does not run, such as on a Node too old for it', async () => {
    const fake = await fakeSyn2op(folder, 0)
    const run = await script(fake, [], { FAKE_VERSION_CODE: '64' })
    expect(run.code).toBe(64)
    expect((await fake.calls()).filter((call) => !call.includes('--clean=dead'))).toEqual([['--version']])
  })

  it('insists on containers unless it is told otherwise; any leaves out the flag', async () => {
    const fake = await fakeSyn2op(folder, 0)
    await script(fake, ['run'])
    await script(fake, ['run'], { REHEARSE_REQUIRE: 'any' })
    const [first, , second] = await fake.calls()
    expect(first).toContain('--require=containers')
    expect(second?.filter((word) => word.startsWith('--require'))).toEqual([])
  })

  it('does not take what an earlier rehearsal wrote for this one’s', async () => {
    await script(await fakeSyn2op(folder, 0), [])
    expect(existsSync(report('rehearsal.xml'))).toBe(true)
    await writeFile(report('of-mine.txt'), '')
    await script(await fakeSyn2op(folder, 5), [])
    expect(existsSync(report('rehearsal.xml'))).toBe(false)
    expect(existsSync(report('of-mine.txt'))).toBe(true)
  })

  it('lets syn2op end what it has under way when it is told to stop, and passes on how that went', async () => {
    const fake = await fakeSyn2op(folder, 'until-told')
    const child = spawn('sh', [SCRIPT], { cwd: folder, env: environmentOf(fake, {}), stdio: 'ignore' })
    const ended = once(child, 'exit')
    while (child.exitCode === null && !existsSync(fake.begun)) await sleep(5)
    child.kill('SIGTERM')
    expect(await ended).toEqual([130, null])
    expect(await readFile(report('outcome.env'), 'utf8')).toContain('REHEARSAL_EXIT_CODE=130\n')
    expect((await fake.calls()).at(-1)).toEqual(['rehearse', '--clean=dead'])
  })

  it.each<readonly [string, Readonly<Record<string, string>>, string]>([
    ['nobody is said', { REHEARSE_PEOPLE: '' }, 'REHEARSE_PEOPLE says nobody'],
    ['the sample is not there', { REHEARSE_PEOPLE: 'nowhere' }, 'names no folder: nowhere'],
    ['the folder of reports has a line break', { REHEARSE_REPORTS: 'a\nb' }, 'a line break'],
    ['there is no syn2op', { PATH: '/usr/bin:/bin' }, 'no syn2op on PATH'],
  ])('ends with 64 where %s', async (_, variables, words) => {
    const fake = await fakeSyn2op(folder, 0)
    const node = { PATH: `${process.execPath.replace(/\/node$/, '')}:${variables['PATH'] ?? ''}` }
    const run = await script(fake, [], 'PATH' in variables ? node : variables)
    expect([run.code, run.output]).toEqual([64, expect.stringContaining(words)])
    expect((await fake.calls()).filter(([word]) => word === 'rehearse')).toEqual([])
  })

  it('says what is wrong with a word that it does not know, and where it was copied without the rest', async () => {
    const fake = await fakeSyn2op(folder, 0)
    const unknown = await script(fake, ['rehearse'])
    expect([unknown.code, unknown.output]).toEqual([64, expect.stringContaining('install, run or clean')])
    await mkdir(join(folder, 'copied'))
    await copyFile(SCRIPT, join(folder, 'copied', 'rehearse.sh'))
    const environment = environmentOf(fake, { REHEARSE_SYN2OP: 'source' })
    const copied = await runScript(['sh', 'copied/rehearse.sh'], { folder, environment })
    expect([copied.code, copied.output]).toEqual([64, expect.stringContaining('must say what to install')])
  })

  it('ends what is left on the servers that flags name, too, and hands no other flag on', async () => {
    const fake = await fakeSyn2op(folder, 0)
    const flags = [
      '--accounts=5',
      '--rehearsal-postgres=postgres://db.example/postgres?a=$(b)',
      '--rehearsal-keycloak',
      'https://id.example',
      '--mapping',
      'values.yaml',
      '--rehearsal-keycloak-user=admin',
    ]
    await script(fake, ['clean'], { REHEARSE_ARGS: `${flags.join('\n')}\n` })
    const servers = [flags[1], flags[2], flags[3], flags[6]]
    expect((await fake.calls()).at(-1)).toEqual(['rehearse', '--clean=dead', ...servers])
  })

  it('has nothing to end where nothing was installed', async () => {
    const fake = await fakeSyn2op(folder, 0)
    const run = await script(fake, ['clean'], { REHEARSE_SYN2OP: 'syn2op@1' })
    expect([run.code, run.output]).toEqual([0, expect.stringContaining('not installed')])
  })

  it('lies in the repository as a program', () => {
    expect(statSync(SCRIPT).mode & 0o111).toBe(0o111)
  })
})
