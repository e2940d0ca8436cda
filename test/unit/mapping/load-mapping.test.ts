import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { Syn2opError } from '../../../src/errors/syn2op-error.ts'
import { loadMapping, parseMapping, starterMapping } from '../../../src/mapping/load-mapping.ts'
import { failure } from '../../support/mas-config-files.ts'

const FILE = 'rules.yaml'

/** The problems with which a text is refused, each as `line:column message`. */
const problemsOf = (text: string): readonly string[] => {
  try {
    parseMapping(text, FILE)
  } catch (error) {
    if (!(error instanceof Syn2opError)) throw error
    expect(error.code).toBe('mapping.invalid')
    expect(error.message).toContain(FILE)
    return error.problems.map(({ message, at }) => {
      expect(at?.file).toBe(FILE)
      return `${at?.line}:${at?.column} ${message}`
    })
  }
  throw new Error('The text is taken')
}

const ALL_MIGRATE = { guests: 'migrate', deactivated: 'migrate', locked: 'migrate', withoutLogin: 'migrate' }

const HOLD_BACK = { username: 'hold_back', email: 'hold_back', identity: 'hold_back' }

describe('a rules file', () => {
  test('that is empty does the same as the one that comes along', async () => {
    const { file: _, sha256: __, placeOf: _at, ...empty } = parseMapping('', FILE)
    const { file: ___, sha256: ____, placeOf: __at, ...starter } = await loadMapping(starterMapping('mas'))
    expect(empty).toEqual({
      accounts: ALL_MIGRATE,
      ghosts: [],
      providers: {},
      conflicts: HOLD_BACK,
      cohorts: [],
      accept: [],
    })
    expect(starter).toEqual(empty)
  })

  test('for Keycloak makes names that it does not fold, carries no guests, and sets no name that its validator refuses', async () => {
    const { accounts, usernames, attributes = {} } = await loadMapping(starterMapping('keycloak'))
    expect(accounts).toEqual({ ...ALL_MIGRATE, guests: 'hold_back' })
    expect(usernames?.from.map(({ text }) => text)).toEqual(['{localpart|lower}'])
    expect(Object.keys(attributes)).toEqual(['matrix_user_id', 'displayname'])
  })

  test('is taken as it says, with the digest of its very bytes', () => {
    const text = [
      'version: 1',
      'accounts: { guests: hold_back, without_login: hold_back }',
      "ghosts: ['^@_irc_']",
      'providers: { oidc-old: oidc-new, saml: leave }',
      'conflicts: { username: adopt, email: leave }',
      'accept: [GUESTS]',
      '',
    ].join('\n')
    expect(parseMapping(text, FILE)).toEqual({
      file: FILE,
      sha256: createHash('sha256').update(text).digest('hex'),
      accounts: { guests: 'hold_back', deactivated: 'migrate', locked: 'migrate', withoutLogin: 'hold_back' },
      ghosts: ['^@_irc_'],
      providers: { 'oidc-old': 'oidc-new', 'saml': 'leave' },
      conflicts: { username: 'adopt', email: 'leave', identity: 'hold_back' },
      cohorts: [],
      accept: [{ code: 'GUESTS' }],
      placeOf: expect.any(Function),
    })
  })

  test('acknowledges for a reason and to an end: a date is over at its midnight, in UTC', () => {
    const text = [
      'accept:',
      '  - code: GUESTS',
      '    reason: they are ours',
      '    until: 2026-09-01',
      '  - { code: SHADOW_BANS_END, until: 2026-09-01T12:00:00+02:00 }',
      '',
    ].join('\n')
    expect(parseMapping(text, FILE).accept).toEqual([
      { code: 'GUESTS', reason: 'they are ours', until: Date.parse('2026-09-02T00:00:00Z') },
      { code: 'SHADOW_BANS_END', until: Date.parse('2026-09-01T10:00:00Z') },
    ])
  })

  test('that leaves a section empty has its defaults', () => {
    expect(parseMapping('accounts:\nghosts:\nproviders:\nconflicts:\naccept:\n', FILE)).toMatchObject({
      accounts: ALL_MIGRATE,
      ghosts: [],
      providers: {},
      accept: [],
    })
  })

  test.each(['mas', 'keycloak', 'auth0'])('that comes along for %s is read as it stands', async (target) => {
    const file = starterMapping(target)
    const text = await readFile(file)
    expect(await loadMapping(file)).toMatchObject({ file, sha256: createHash('sha256').update(text).digest('hex') })
  })
})

describe('a rules file is refused at the place of', () => {
  test('a rule that does not exist, with the one that was probably meant', () => {
    expect(problemsOf('version: 1\naccounts:\n  gests: migrate\n')).toEqual([
      '3:10 `accounts.gests` is no rule; did you mean `guests`?',
    ])
    expect(problemsOf('version: 1\nprovider: {}\n')).toEqual(['2:11 `provider` is no rule; did you mean `providers`?'])
    expect(problemsOf('version: 1\nxyzzy: 1\n')).toEqual(['2:8 `xyzzy` is no rule'])
  })

  test('a word that a rule does not know', () => {
    const [problem, ...others] = problemsOf('version: 1\naccounts:\n  guests: keep\n')
    expect(problem).toMatch(/^3:11 `accounts\.guests`: .*"migrate".*"hold_back"/)
    expect(others).toEqual([])
  })

  test('a value of another kind', () => {
    expect(problemsOf('accounts: migrate\n')).toEqual([expect.stringMatching(/^1:11 `accounts`: /)])
    expect(problemsOf('ghosts: all\n')).toEqual([expect.stringMatching(/^1:9 `ghosts`: /)])
    expect(problemsOf("ghosts:\n  - '^@_irc_'\n  - 7\n")).toEqual([expect.stringMatching(/^3:5 `ghosts\.1`: /)])
    expect(problemsOf('providers:\n  oidc: [a]\n')).toEqual([expect.stringMatching(/^2:9 `providers\.oidc`: /)])
    expect(problemsOf('- version: 1\n')).toEqual([expect.stringMatching(/^1:1 /)])
  })

  test('an empty namespace or provider', () => {
    expect(problemsOf("ghosts: ['']\n")).toEqual([expect.stringMatching(/^1:10 `ghosts\.0`: /)])
    expect(problemsOf("providers: { oidc: '' }\n")).toEqual([expect.stringMatching(/^1:20 `providers\.oidc`: /)])
  })

  test('a provider or an attribute whose name could not be kept, so that its rule would be lost in silence', () => {
    expect(problemsOf("providers:\n  __proto__: leave\nattributes:\n  __proto__: '{mxid}'\n")).toEqual([
      '2:3 `providers.__proto__`: a rule cannot have this name',
      '4:3 `attributes.__proto__`: a rule cannot have this name',
    ])
    expect(problemsOf('__proto__: 1\n')).toEqual(['1:12 `__proto__` is no rule'])
    expect(parseMapping('providers: { constructor: leave }\n', FILE).providers).toEqual({ constructor: 'leave' })
  })

  test('a code that no finding could have', () => {
    expect(problemsOf('accept:\n  - guests\n')).toEqual(['2:5 `accept.0`: is no code of a finding'])
  })

  test('an acknowledgement of what no finding is, of an error, or of the same again', () => {
    expect(
      problemsOf(
        'accept:\n  - GUEST\n  - code: MAS_NOT_EMPTY\n    reason: sure\n  - GUESTS\n  - { code: GUESTS }\n  - PHONES\n',
      ),
    ).toEqual([
      '2:5 `accept.0`: no finding has the code GUEST; did you mean GUESTS?',
      expect.stringMatching(/^3:11 `accept\.1`: MAS_NOT_EMPTY is an error, and errors cannot be accepted$/),
      '6:13 `accept.3`: GUESTS is accepted above already',
      '7:5 `accept.4`: PHONES is a notice, and a notice needs no acknowledgement',
    ])
  })

  test('an acknowledgement that is no code and no section, that names an unknown key or no such day', () => {
    expect(problemsOf('accept:\n  - 7\n')).toEqual([
      '2:5 `accept.0`: is neither a code of a finding nor a section with `code`, `reason` and `until`',
    ])
    expect(problemsOf('accept:\n  - { code: GUESTS, reson: x }\n')).toEqual([
      '2:28 `accept.0.reson` is no rule; did you mean `reason`?',
    ])
    expect(problemsOf('accept:\n  - { code: GUESTS, until: 2026-02-30 }\n')).toEqual([
      expect.stringMatching(/^2:28 `accept\.0\.until`: is no date/),
    ])
    expect(problemsOf("accept:\n  - { code: GUESTS, reason: ' ' }\n")).toEqual(['2:29 `accept.0.reason`: says nothing'])
  })

  test('a version of the format that is not known', () => {
    expect(problemsOf('version: 2\n')).toEqual([expect.stringMatching(/^1:10 `version`: /)])
  })

  test('text that is no YAML, or says a thing twice', () => {
    expect(problemsOf('accounts:\n\tguests: migrate\n')).toContain('2:1 tabs cannot indent')
    expect(problemsOf('ghosts: []\nghosts: []\n')).toEqual(['2:1 the same key stands twice in one section'])
  })

  test('each of several mistakes at once', () => {
    expect(problemsOf('version: 2\naccounts:\n  gests: migrate\n  locked: maybe\naccept: [nope]\n')).toHaveLength(4)
  })
})

test('a rules file that cannot be read is named', async () => {
  const error = await failure(loadMapping('/nowhere/rules.yaml'))
  expect(error.code).toBe('config.unreadable')
  expect(error.message).toContain('/nowhere/rules.yaml')
})
