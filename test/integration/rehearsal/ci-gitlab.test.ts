import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, copyFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { writeDemoConfigs } from '../../../src/rehearsal/demo/configs.ts'
import { DEMO } from '../../../src/rehearsal/demo/constants.ts'
import { takeSample } from '../../../src/rehearsal/sample/take-sample.ts'
import { loadHomeserver } from '../../../src/synapse/load-homeserver.ts'
import { fakeSyn2op, repository } from '../../support/ci/fake-syn2op.ts'
import { type GitlabRun, gitlabJob, runGitlabJob } from '../../support/ci/gitlab-runner.ts'
import { createDemoHomeserver } from '../../support/migration/demo-homeserver.ts'
import { testPostgres } from '../../support/postgres.ts'
import { sampleRequest } from '../../support/sample/taken.ts'

const command = promisify(execFile)
const template = await readFile(join(repository, 'ci/gitlab/rehearsal.gitlab-ci.yml'), 'utf8')

let folder: string
let packages: string

/** A package as npm would have it, whose program is the one in `program`. */
const packed = async (name: string, program: string): Promise<string> => {
  const source = join(packages, name)
  await mkdir(join(source, 'bin'), { recursive: true })
  await mkdir(join(source, 'ci'))
  await copyFile(join(repository, 'ci/rehearse.sh'), join(source, 'ci/rehearse.sh'))
  await writeFile(join(source, 'bin/run.mjs'), program)
  const manifest = { name: 'syn2op', version: '0.0.0', bin: { syn2op: 'bin/run.mjs' } }
  await writeFile(join(source, 'package.json'), JSON.stringify(manifest))
  const file = join(packages, `${name}.tgz`)
  await command('npm', ['pack', '--silent', '--pack-destination', packages, source])
  await command('mv', [join(packages, 'syn2op-0.0.0.tgz'), file])
  return file
}

/** What an organisation would commit. */
const sampled = async (): Promise<string> => {
  const source = await createDemoHomeserver(testPostgres(), 'ci_sample', { accounts: 60 })
  const { homeserver } = await writeDemoConfigs(join(packages, 'source'), { synapse: source, mas: source })
  const out = join(packages, 'sample')
  const taken = { homeserver: await loadHomeserver([homeserver]), source, asOf: DEMO.now }
  await takeSample(sampleRequest(taken, out, { people: 40 }))
  // As git checks it out: it knows no file that only its owner may read.
  await command('chmod', ['-R', 'a+rX', out])
  return out
}

let builtPackage: string
let sample: string
beforeAll(async () => {
  packages = await mkdtemp(join(tmpdir(), 'syn2op-ci-packages-'))
  const program = JSON.stringify(join(repository, 'bin/run.js'))
  builtPackage = await packed('built', `#!/usr/bin/env node\nawait import(${program})\n`)
  sample = await sampled()
})
afterAll(() => rm(packages, { recursive: true, force: true }))

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'syn2op-ci-gitlab-'))
  // As root, a database server runs as somebody else, who must get through to its folder.
  await chmod(folder, 0o711)
  for (const name of ['project', 'tmp']) await mkdir(join(folder, name))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const project = (file = ''): string => join(folder, 'project', file)

const run = (own: string, shell: 'sh' | 'bash', path = ''): Promise<GitlabRun> =>
  runGitlabJob(gitlabJob([template, own], 'rehearsal'), {
    project: project(),
    folder: join(folder, 'runner'),
    shell,
    // Nothing but the package itself may be wanted of a registry.
    environment: {
      PATH: `${path}${process.env['PATH']}`,
      HOME: folder,
      // A job has a machine of its own: what other rehearsals left on this one is not its.
      TMPDIR: join(folder, 'tmp'),
      npm_config_offline: 'true',
    },
  })

describe('the template for GitLab', () => {
  it('rehearses with a committed sample and without containers: what GitLab shows is there afterwards, and nothing is left', async () => {
    await copyFile(builtPackage, project('syn2op.tgz'))
    await cp(sample, project('rehearsal/sample'), { recursive: true })
    await copyFile(join(repository, 'mappings/mas.yaml'), project('rehearsal/mas.mapping.yaml'))
    const own = `rehearsal:
  extends: .rehearsal-without-containers
  variables: { REHEARSE_SYN2OP: syn2op.tgz, REHEARSE_MAPPING: rehearsal/mas.mapping.yaml }`
    const { script, afterScript, kept, missing, reports } = await run(own, 'sh')
    expect([script.code, script.output]).toEqual([0, expect.stringContaining('Rehearsal: exit code 0, passed')])
    expect([afterScript.code, afterScript.output]).toEqual([0, expect.stringContaining('Nothing is left')])
    expect(missing).toEqual([])
    expect(kept).toContain('rehearsal-report/')
    expect(await readFile(project(reports['junit']), 'utf8')).toMatch(/<testsuites[^>]* failures="0"/)
    expect(JSON.parse(await readFile(project('rehearsal-report/rehearsal.json'), 'utf8'))).toMatchObject({
      people: { kind: 'sample' },
      verdict: 'passed',
    })
    const lines = (await readFile(project(reports['dotenv']), 'utf8')).trimEnd().split('\n')
    expect(lines).toContain('REHEARSAL_VERDICT=passed')
    for (const line of lines) expect(line).toMatch(/^[A-Z_]+=[\w./-]+$/)
  })

  it.each(['sh', 'bash'] as const)('hands on that a rehearsal failed, with its report, by %s', async (shell) => {
    const fake = await fakeSyn2op(folder, 12)
    await copyFile(join(repository, 'ci/rehearse.sh'), project('rehearse.sh'))
    const own = `rehearsal:
  extends: .rehearsal-in-containers
  variables:
    REHEARSE_SYN2OP: path
    REHEARSE_SCRIPT: rehearse.sh
    REHEARSE_TARGET: keycloak
    REHEARSE_REPORTS: reports of keycloak
  before_script: [mkdir -p "$REHEARSE_PEOPLE"]`
    const { script, afterScript, kept, missing } = await run(own, shell, `${fake.bin}:`)
    expect([script.code, afterScript.code]).toEqual([12, 0])
    expect(missing).toEqual([])
    expect(kept).toContain('reports of keycloak/rehearsal.xml')
    const [rehearsal] = await fake.calls()
    expect(rehearsal).toEqual(
      expect.arrayContaining(['--require=containers', '--target=keycloak', '--sample=rehearsal/sample']),
    )
    expect((await fake.calls()).at(-1)).toEqual(['rehearse', '--clean=dead'])
  })

  it('speaks with an engine beside the job by certificates, where containers are wanted', () => {
    const { services, variables } = gitlabJob([template], '.rehearsal-in-containers')
    expect(services).toEqual([{ name: expect.stringMatching(/^docker:\d+-dind$/) as string, alias: 'docker' }])
    expect(variables).toMatchObject({
      DOCKER_HOST: 'tcp://docker:2376',
      DOCKER_TLS_VERIFY: '1',
      DOCKER_CERT_PATH: '/certs/client',
    })
    expect(gitlabJob([template], '.rehearsal-without-containers').services).toBeUndefined()
  })

  it('does not guess where syn2op comes from', async () => {
    const { script, afterScript } = await run('rehearsal: {extends: .rehearsal-without-containers}', 'sh')
    expect([script.code, script.output]).toEqual([64, expect.stringContaining('must say where syn2op comes from')])
    expect(afterScript).toEqual({ code: 0, output: '' })
    expect(existsSync(project('rehearsal-report'))).toBe(false)
  })
})
