import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fakeSyn2op, repository } from '../../support/ci/fake-syn2op.ts'
import { readWorkflow } from '../../support/ci/github-files.ts'
import { type Machine, type RunResult, runAction, runJob, summaryFile } from '../../support/ci/github-runner.ts'

let machine: Machine
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'syn2op-ci-github-'))
  const workspace = join(folder, 'work')
  await mkdir(workspace)
  // As root, a database server runs as somebody else, who must get through to its folder.
  await chmod(folder, 0o711)
  await mkdir(join(folder, 'tmp'))
  machine = {
    workspace,
    folder: join(folder, 'runner'),
    environment: { PATH: process.env['PATH'] ?? '', HOME: folder, TMPDIR: join(folder, 'tmp') },
    actions: new Map([['OWNER/syn2op@v0', repository]]),
  }
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** The machine with a program on PATH that stands for syn2op. */
const withFake = async (code: number) => {
  const fake = await fakeSyn2op(folder, code)
  const environment = { ...machine.environment, PATH: `${fake.bin}:${machine.environment['PATH']}` }
  return { fake, machine: { ...machine, environment } }
}

const became = ({ steps }: RunResult): Record<string, string> =>
  Object.fromEntries(steps.map((step) => [step.name, step.became]))

const summary = (): Promise<string> => readFile(summaryFile(machine), 'utf8')

describe('the action for GitHub', () => {
  it('rehearses by the syn2op of its own commit: report, summary, outputs, and nothing left', async () => {
    const run = await runAction(repository, {
      inputs: { people: 'demo', require: 'local', args: '--accounts=60', reports: 'reports of mas' },
      machine,
    })
    expect(became(run), run.steps.map(({ output }) => output).join('\n')).toEqual({
      'Set up Node': 'elsewhere',
      'Install syn2op': 'succeeded',
      'Rehearse': 'succeeded',
      'Show the report': 'succeeded',
      'End what is left': 'succeeded',
    })
    expect(run.outputs).toEqual({
      'verdict': 'passed',
      'exit-code': '0',
      'reports': 'reports of mas',
      'junit': 'reports of mas/rehearsal.xml',
      'markdown': 'reports of mas/rehearsal.md',
      'html': 'reports of mas/rehearsal.html',
      'json': 'reports of mas/rehearsal.json',
    })
    const read = (file: string): Promise<string> => readFile(join(machine.workspace, file), 'utf8')
    expect(await summary()).toBe(await read('reports of mas/rehearsal.md'))
    expect(await summary()).toMatch(/Rehearsal passed/)
    expect(await read('reports of mas/rehearsal.xml')).toMatch(/<testsuites[^>]* failures="0"/)
    expect(await read('reports of mas/rehearsal.html')).toContain('<!doctype html>')
    expect(JSON.parse(await read('reports of mas/rehearsal.json'))).toMatchObject({
      kind: 'rehearsal',
      verdict: 'passed',
    })
    expect(run.steps.at(-1)?.output).toContain('Nothing is left to be ended on this machine')
  })

  it.each([
    [12, 'failed', 'report of 12'],
    [64, 'none', 'no verdict (exit code 64)'],
  ])(
    'fails where the rehearsal ends with %i, and still says so and ends what is left',
    async (code, verdict, words) => {
      const { fake, machine: faked } = await withFake(code)
      const run = await runAction(repository, { inputs: { people: 'demo', syn2op: 'path' }, machine: faked })
      expect(run.status).toBe('failure')
      expect(became(run)).toMatchObject({
        'Rehearse': 'failed',
        'Show the report': 'succeeded',
        'End what is left': 'succeeded',
      })
      expect(run.outputs).toMatchObject({ verdict, 'exit-code': String(code) })
      expect(await summary()).toContain(words)
      expect((await fake.calls()).at(-1)).toEqual(['rehearse', '--clean=dead'])
    },
  )

  it('passes on a machine where an earlier job left what cannot be ended any more, and warns of it', async () => {
    const { machine: faked } = await withFake(0)
    const environment = { ...faked.environment, FAKE_CLEAN_CODE: '5' }
    const run = await runAction(repository, {
      inputs: { people: 'demo', syn2op: 'path' },
      machine: { ...faked, environment },
    })
    expect(run.steps.at(-1)).toMatchObject({ name: 'End what is left', became: 'succeeded' })
    expect(run.steps.at(-1)?.output).toMatch(/^::warning title=syn2op::What rehearsals left could not all be ended/m)
    expect(run.status).toBe('success')
  })

  it('says that there is no verdict where syn2op could not even be installed', async () => {
    const run = await runAction(repository, {
      inputs: { people: 'demo', syn2op: './nothing.tgz', 'node-version': '' },
      machine: { ...machine, environment: { ...machine.environment, npm_config_offline: 'true' } },
    })
    expect(became(run)).toEqual({
      'Set up Node': 'skipped',
      'Install syn2op': 'failed',
      'Rehearse': 'skipped',
      'Show the report': 'succeeded',
      'End what is left': 'succeeded',
    })
    expect(run.outputs).toMatchObject({ verdict: 'none', 'exit-code': '', junit: '' })
    expect(await summary()).toContain('no verdict (exit code unknown)')
  })

  it('does not run what is put in', async () => {
    const { fake, machine: faked } = await withFake(0)
    const text = `"; touch owned; echo '$(touch owned)\`touch owned\``
    const inputs = { 'target-config': text, mapping: text, registry: text, pull: text, reports: 'r $(touch owned)' }
    const run = await runAction(repository, {
      inputs: { ...inputs, people: 'demo', syn2op: 'path', target: text, require: text, images: text, args: text },
      machine: faked,
    })
    expect(run.status).toBe('success')
    expect(existsSync(join(machine.workspace, 'owned'))).toBe(false)
    const [, call] = await fake.calls()
    expect(call?.filter((word) => word.includes(text)).length).toBe(8)
  })

  it('leaves out of the summary what GitHub would not show', async () => {
    const { machine: faked } = await withFake(0)
    const environment = { ...faked.environment, FAKE_REPORT_TIMES: '100000' }
    await runAction(repository, { inputs: { people: 'demo', syn2op: 'path' }, machine: { ...faked, environment } })
    expect(await summary()).toBe(
      'The rehearsal ended with exit code 0. Its report is too long for this page: see the artefacts.\n',
    )
  })
})

describe('the workflow for GitHub', () => {
  it('rehearses into every target, and keeps what each has written', async () => {
    const { fake, machine: faked } = await withFake(0)
    await mkdir(join(machine.workspace, 'rehearsal', 'sample'), { recursive: true })
    const workflow = await readWorkflow(join(repository, 'ci/github/rehearsal.yml'))
    const { include } = workflow.jobs['rehearsal']?.strategy.matrix ?? { include: [] }
    expect(include.map(({ target }) => target)).toEqual(['mas', 'keycloak', 'auth0'])
    for (const matrix of include) {
      const steps = workflow.jobs['rehearsal']?.steps.map((step) =>
        step.id === 'rehearsal' ? { ...step, with: { ...step.with, syn2op: 'path' } } : step,
      )
      const jobs = { rehearsal: { strategy: { matrix: { include } }, steps: steps ?? [] } }
      const run = await runJob({ jobs }, { job: 'rehearsal', matrix, machine: faked })
      expect(run.steps.map((step) => step.became)).toEqual(['elsewhere', 'succeeded', 'elsewhere'])
      const [checkout, , upload] = run.steps
      expect(checkout?.uses).toMatch(/^actions\/checkout@/)
      expect(upload).toMatchObject({ uses: expect.stringMatching(/^actions\/upload-artifact@/) })
      expect(existsSync(join(machine.workspace, upload?.with?.['path'] ?? '', 'rehearsal.xml'))).toBe(true)
      const rehearsals = (await fake.calls()).filter((call) => call.includes('--report'))
      expect(rehearsals.at(-1)).toEqual(
        expect.arrayContaining([
          '--sample=rehearsal/sample',
          `--target=${matrix['target']}`,
          `--mapping=rehearsal/${matrix['target']}.mapping.yaml`,
          '--require=containers',
        ]),
      )
    }
  })
})
