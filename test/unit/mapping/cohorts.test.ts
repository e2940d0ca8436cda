import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Syn2opError } from '../../../src/errors/syn2op-error.ts'
import { cohortNames, requireCohort } from '../../../src/mapping/cohorts.ts'
import type { ListReader } from '../../../src/mapping/list-file.ts'
import { parseList } from '../../../src/mapping/list-file.ts'
import { loadMapping, parseMapping } from '../../../src/mapping/load-mapping.ts'
import { failure } from '../../support/mas-config-files.ts'

const FILE = 'rules.yaml'

const refusal = (work: () => unknown): Syn2opError => {
  try {
    work()
  } catch (error) {
    if (error instanceof Syn2opError) return error
    throw error
  }
  throw new Error('Nothing is refused')
}

/** The problems with which cohorts are refused, each as `line:column message`. */
const problemsOf = (text: string, readList?: ListReader): readonly string[] =>
  refusal(() => parseMapping(text, FILE, readList)).problems.map(
    ({ message, at }) => `${at?.line}:${at?.column} ${message}`,
  )

const cohortsOf = (...lines: readonly string[]) => parseMapping(['cohorts:', ...lines].join('\n'), FILE).cohorts

describe('cohorts of a rules file', () => {
  test('are taken in their order, each with all its conditions', () => {
    expect(
      cohortsOf(
        '  - name: staff-1',
        '    match:',
        "      localparts: ['a.*', 'b']",
        '      email_domains: [Example.ORG]',
        '      providers: [oidc-keycloak]',
        '      last_seen: { after: 2026-06-01, before: 2026-07-01T12:30:00+02:00 }',
        '      created: { before: 2020-01-01T00:00:00Z }',
        '      admin: false',
        '      percent: 12.5',
        '  - { name: 2nd_one, match: { admin: true } }',
      ),
    ).toEqual([
      {
        name: 'staff-1',
        match: {
          localparts: ['a.*', 'b'],
          emailDomains: ['example.org'],
          providers: ['oidc-keycloak'],
          lastSeen: { after: Date.UTC(2026, 5, 1), before: Date.UTC(2026, 6, 1, 10, 30) },
          created: { before: Date.UTC(2020, 0, 1) },
          admin: false,
          percent: 12.5,
        },
      },
      { name: '2nd_one', match: { admin: true } },
    ])
  })

  test('take their names from a file beside the mapping', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'syn2op-list-'))
    await writeFile(join(folder, 'rules.yaml'), 'cohorts: [{ name: pilot, match: { list: pilot.txt } }]\n')
    await writeFile(
      join(folder, 'pilot.txt'),
      '\uFEFF# who begins\r\n@Ann:example.org # the boss\r\n\r\n  bob \r\nbob\r\n',
    )
    const { cohorts } = await loadMapping(join(folder, 'rules.yaml'))
    expect(cohorts).toEqual([{ name: 'pilot', match: { mxids: ['@Ann:example.org', 'bob'] } }])
  })

  test('name themselves and the rest; a mapping without any names none', () => {
    const mapping = parseMapping('cohorts: [{ name: a, match: { admin: true } }]', FILE)
    expect(cohortNames(mapping)).toEqual(['a', 'rest'])
    expect(cohortNames(parseMapping('', FILE))).toEqual([])
  })
})

describe('cohorts are refused, at their place, for', () => {
  const withName = (name: string): readonly string[] =>
    problemsOf(`cohorts:\n  - name: ${name}\n    match: { admin: true }\n`)

  test.each([['rest'], ['last'], ['all'], ['Staff'], ['-x'], ["''"], ['a b'], ['20261121-031500-9f3a']])(
    'the name %s',
    (name) => {
      expect(withName(name)).toEqual([expect.stringMatching(/^2:11 `cohorts\.0\.name`: /)])
    },
  )

  test('a name that two have', () => {
    expect(
      problemsOf('cohorts:\n  - { name: a, match: { admin: true } }\n  - { name: a, match: { admin: false } }\n'),
    ).toEqual(['3:13 `cohorts.1.name`: another cohort is named a too'])
  })

  test('no condition at all, or an empty one', () => {
    expect(problemsOf('cohorts:\n  - name: a\n    match: {}\n')).toEqual([
      '3:12 `cohorts.0.match`: needs a condition; whoever is in no cohort is in the rest anyhow',
    ])
    expect(problemsOf('cohorts:\n  - name: a\n    match: { providers: [] }\n')).toEqual([
      '3:25 `cohorts.0.match.providers`: names nothing',
    ])
    expect(problemsOf('cohorts:\n  - name: a\n    match: { created: { } }\n')).toEqual([
      '3:23 `cohorts.0.match.created`: needs `after`, `before`, or both',
    ])
    expect(problemsOf('cohorts: [{ name: a }]\n')).toEqual([expect.stringMatching(/^1:11 `cohorts\.0\.match`: /)])
  })

  test('a condition that does not exist, with the one that was probably meant', () => {
    expect(problemsOf('cohorts:\n  - name: a\n    match: { locparts: [a] }\n')).toEqual([
      '3:24 `cohorts.0.match.locparts` is no rule; did you mean `localparts`?',
    ])
  })

  test.each([['30d'], ['2026-02-30'], ['2026'], ['2026-13-01'], ['2026-01-01T10:00:00'], ['yesterday']])(
    'the time %s',
    (time) => {
      expect(problemsOf(`cohorts:\n  - name: a\n    match: { last_seen: { after: ${time} } }\n`)).toEqual([
        expect.stringMatching(/^3:34 `cohorts\.0\.match\.last_seen\.after`: is .*such as 2026-09-01T12:00:00Z/),
      ])
    },
  )

  test('a span of time that ends before it begins', () => {
    expect(
      problemsOf('cohorts:\n  - name: a\n    match: { created: { after: 2026-02-01, before: 2026-01-01 } }\n'),
    ).toEqual([expect.stringContaining('nobody is in between')])
  })

  test('a percentage of nobody or of more than all, or of none that an earlier one leaves', () => {
    for (const percent of ['0', '101', '-5', 'ten'])
      expect(problemsOf(`cohorts: [{ name: a, match: { percent: ${percent} } }]\n`)).toHaveLength(1)
    expect(
      problemsOf(
        'cohorts:\n  - { name: a, match: { percent: 20 } }\n  - { name: b, match: { percent: 20, admin: true } }\n',
      ),
    ).toEqual([expect.stringMatching(/^3:23 `cohorts\.1`: nobody is left for b, since a before it takes them all/)])
    expect(
      cohortsOf('  - { name: a, match: { percent: 20 } }', '  - { name: b, match: { percent: 21 } }'),
    ).toHaveLength(2)
  })

  test('a list that cannot be read, while other rules are wrong too', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'syn2op-list-'))
    const file = join(folder, 'rules.yaml')
    await writeFile(file, 'accounts: { guests: keep }\ncohorts: [{ name: a, match: { list: nobody.txt } }]\n')
    const { problems } = await failure(loadMapping(file))
    expect(problems).toHaveLength(2)
    expect(problems[1]).toEqual({
      message: `the list of \`a\`: the list ${join(folder, 'nobody.txt')} cannot be read`,
      at: { file, line: 2, column: 37 },
    })
  })

  test('each wrong line of a list', () => {
    const list = ['ann', '@bob:example.org', 'carl@example.org', '@dora', 'emil:example.org', 'two words'].join('\n')
    const error = refusal(() =>
      parseMapping('cohorts: [{ name: a, match: { list: l.txt } }]', FILE, () => parseList(list, 'l.txt')),
    )
    expect(error.problems.map(({ message, at }) => `${at?.file}:${at?.line} ${message}`)).toEqual([
      'l.txt:3 the list of `a`: looks like an e-mail address; a line is a Matrix id or a localpart',
      'l.txt:4 the list of `a`: begins with @ and is no Matrix id such as @alice:example.org',
      'l.txt:5 the list of `a`: is neither a Matrix id, which begins with @, nor a localpart, which has no colon',
      'l.txt:6 the list of `a`: holds several words; a line is one Matrix id or localpart',
    ])
  })

  test('a list of nobody, and the rest of many wrong lines in one sentence', () => {
    expect(parseList('# nobody\n\n', 'l').problems).toEqual([{ message: 'names nobody', at: { file: 'l' } }])
    const { problems } = parseList(`ann\n${'two words\n'.repeat(1000)}`, 'l')
    expect(problems).toHaveLength(21)
    expect(problems.at(-1)).toEqual({ message: 'and 980 more lines like these', at: { file: 'l' } })
  })
})

describe('a cohort that is asked for', () => {
  const KNOWN = ['pilot', 'staff', 'rest']
  const refused = (cohort: string, known: readonly string[]): Syn2opError =>
    refusal(() => requireCohort(cohort, known, { file: FILE }))

  test('is one of those that are known', () => {
    for (const cohort of KNOWN) expect(() => requireCohort(cohort, KNOWN, { file: FILE })).not.toThrow()
  })

  test('or is refused with all names, and the one that was probably meant', () => {
    const error = refused('pilto', KNOWN)
    expect(error.code).toBe('usage')
    expect(error.message).toBe('There is no cohort pilto; did you mean pilot?')
    expect(error.next).toEqual(['Name one of these: pilot, staff, rest.'])
    expect(refused('xyzzy', KNOWN).message).toBe('There is no cohort xyzzy')
  })

  test('is refused where the mapping has none', () => {
    expect(refused('pilot', []).message).toBe('The mapping rules.yaml names no cohorts, so there is no pilot')
  })
})
