import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { EXIT } from '../../../src/errors/exit-codes.ts'
import { repository } from '../../support/ci/fake-syn2op.ts'
import { type GithubStep, readAction, readWorkflow } from '../../support/ci/github-files.ts'
import { schemaErrors } from '../../support/ci/schemas.ts'

const ACTION = 'action.yml'
const WORKFLOW = 'ci/github/rehearsal.yml'
const GITLAB = 'ci/gitlab/rehearsal.gitlab-ci.yml'

const text = (file: string): string => readFileSync(join(repository, file), 'utf8')
const action = await readAction(join(repository, ACTION))
const workflow = await readWorkflow(join(repository, WORKFLOW))

const steps: readonly (GithubStep & { readonly file: string })[] = [
  ...action.runs.steps.map((step) => ({ ...step, file: ACTION })),
  ...Object.values(workflow.jobs).flatMap((job) => job.steps.map((step) => ({ ...step, file: WORKFLOW }))),
]

describe('the files for CI', () => {
  it.each([
    ['action', ACTION],
    ['workflow', WORKFLOW],
    ['gitlab', GITLAB],
  ] as const)('are what the schema of a %s wants: %s', (kind, file) => {
    expect(schemaErrors(kind, parse(text(file)))).toEqual([])
    expect(schemaErrors(kind, { ...parse(text(file)), runs: 'anything', jobs: 'anything', stages: 1 })).not.toEqual([])
  })

  it('are published with the package', () => {
    const { files } = JSON.parse(text('package.json')) as { readonly files: readonly string[] }
    expect(files).toEqual(expect.arrayContaining(['action.yml', 'ci']))
  })

  it('call each action at a commit, and say which version that is', () => {
    const called = [ACTION, WORKFLOW].flatMap((file) => text(file).match(/uses: .*/g) ?? [])
    const others = called.filter((line) => !line.startsWith('uses: OWNER/syn2op@'))
    expect(others.length).toBe(3)
    for (const line of others) expect(line).toMatch(/^uses: actions\/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
  })

  it('ask for no more than reading the repository', () => {
    expect(parse(text(WORKFLOW))).toMatchObject({ permissions: { contents: 'read' } })
    expect(text(WORKFLOW)).not.toMatch(/pull_request_target|secrets\./)
  })
})

describe('the action', () => {
  it('lets nothing that is put in become a part of a script', () => {
    const scripts = steps.filter(({ run }) => run !== undefined)
    expect(scripts.length).toBeGreaterThan(3)
    for (const { run } of scripts) expect(run).not.toContain('${{')
  })

  it('uses every input', () => {
    for (const name of Object.keys(action.inputs)) expect(text(ACTION)).toContain(`inputs.${name}`)
  })

  it('ends what is left, whatever came before', () => {
    expect(action.runs.steps.at(-1)).toMatchObject({
      if: 'always()',
      run: expect.stringMatching(/rehearse\.sh" clean \|\|$/m),
    })
  })
})

describe('the script', () => {
  it('is of the shell that every system has, and can be run as it is', () => {
    expect(text('ci/rehearse.sh')).toMatch(/^#!\/bin\/sh\n/)
  })

  it('says of every exit code of a rehearsal what it means', () => {
    const meant = [EXIT.done, EXIT.unexpected, EXIT.notAllowed, EXIT.unavailable, EXIT.verifyDifferences, EXIT.usage]
    for (const code of [...meant, EXIT.checkErrors, EXIT.checkWarnings, EXIT.interrupted])
      expect(text('ci/rehearse.sh')).toMatch(new RegExp(`^ {4}${code}\\) echo '`, 'm'))
  })

  it('installs the version of testcontainers that the package asks for', () => {
    const { peerDependencies } = JSON.parse(text('package.json')) as { peerDependencies: Record<string, string> }
    expect(text('ci/rehearse.sh')).toContain(`'testcontainers@${peerDependencies['testcontainers']}'`)
  })

  it('allows the scripts of packages that the package’s own manifest allows, but for a Node of its own', () => {
    const { allowScripts } = JSON.parse(text('package.json')) as { allowScripts: Record<string, boolean> }
    const { node: _, ...wanted } = allowScripts
    const written = /<< 'END'\n(?<json>\{.*?\n\})\nEND/s.exec(text('ci/rehearse.sh'))?.groups?.['json'] ?? ''
    expect(JSON.parse(written)).toEqual({ private: true, allowScripts: wanted })
  })
})

describe('the guide', () => {
  const guide = text('docs/how-to/rehearse-in-ci.md')

  it('names every variable of the script and every input and output of the action', () => {
    const variables = new Set(text('ci/rehearse.sh').match(/REHEARSE_[A-Z0-9_]+/g))
    expect(variables.size).toBeGreaterThan(10)
    const inputs = [...Object.keys(action.inputs), ...Object.keys(action.outputs)]
    for (const name of [...variables, ...inputs]) expect(guide).toContain(`\`${name}\``)
  })

  it('leads only to files that are there', () => {
    const links = [...guide.matchAll(/\]\((?!#|https:)([^)#]+)/g)].map(([, link]) => link ?? '')
    expect(links.length).toBeGreaterThan(4)
    for (const link of links) expect([link, existsSync(join(repository, 'docs/how-to', link))]).toEqual([link, true])
  })
})
