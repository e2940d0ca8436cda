import { describe, expect, test } from 'vitest'
import { Syn2opError } from '../../../src/errors/syn2op-error.ts'
import { ghostNamespaces } from '../../../src/synapse/ghost-namespaces.ts'
import { toPostgresPattern } from '../../../src/synapse/python-regex.ts'

describe('a regular expression of Python', () => {
  test.each([
    [String.raw`@_irc_.*:example\.org`, String.raw`^(?:@_irc_.*:example\.org)`],
    [String.raw`@telegram_\-?[0-9]+:x`, '^(?:@telegram_-?[0-9]+:x)'],
    [String.raw`@(?P<kind>a|b)\d+\Z`, String.raw`^(?:@(a|b)\d+\Z)`],
    [String.raw`\b@x\B`, String.raw`^(?:\y@x\Y)`],
    ['@a{,3}b{2,}c{1}', '^(?:@a{0,3}b{2,}c{1})'],
    ['@a{b}', String.raw`^(?:@a\{b\})`],
    ['[[:alpha:]]', String.raw`^(?:[\[:alpha:]\])`],
    ['[]a][^]b-]', String.raw`^(?:[\]a][^\]b-])`],
    [String.raw`\x41\u00e9`, String.raw`^(?:\U00000041\U000000e9)`],
    ['(?i)@A', '(?i)^(?:@A)'],
    ['a(?#why)b', '^(?:ab)'],
    ['(?!x)(?<=y)(?:z)*?', '^(?:(?!x)(?<=y)(?:z)*?)'],
    ['a|b', '^(?:a|b)'],
  ])('%s is PostgreSQL’s %s', (python, postgres) => {
    expect(toPostgresPattern(python)).toBe(postgres)
  })

  test.each([
    ['(?s).', 'the flags (?s)'],
    ['(?>a)', 'a group that begins with (?>a'],
    ['(?P=x)', 'a group that begins with (?P='],
    ['a++', 'a repetition that gives nothing back'],
    ['a{1,300}', 'a repetition beyond 255 times'],
    [String.raw`\e`, String.raw`the escape \e`],
    ['[a', 'a [ without its ]'],
    ['a\\', 'a \\ at its end'],
  ])('%s has no equal in PostgreSQL', (python, fault) => {
    expect(toPostgresPattern(python)).toEqual({ fault })
  })
})

describe('the namespaces of application services', () => {
  const service = (id: string, users: readonly { regex: string; exclusive: boolean }[]) => ({
    id,
    file: `/etc/${id}.yaml`,
    sender: `${id}bot`,
    users,
    msc4190: false,
  })
  const irc = service('irc', [
    { regex: '@_irc_.*', exclusive: true },
    { regex: '@.*:x', exclusive: false },
  ])

  test('are those that are exclusive, or all, none twice', () => {
    expect(ghostNamespaces([irc, irc], 'exclusive')).toEqual(['^(?:@_irc_.*)'])
    expect(ghostNamespaces([irc], 'all')).toEqual(['^(?:@_irc_.*)', '^(?:@.*:x)'])
  })

  test('that cannot be translated are told with their file, all at once', () => {
    const odd = service('odd', [
      { regex: '(?s)a', exclusive: true },
      { regex: 'a++', exclusive: true },
    ])
    try {
      ghostNamespaces([irc, odd], 'exclusive')
      expect.unreachable()
    } catch (error) {
      if (!(error instanceof Syn2opError)) throw error
      expect(error.code).toBe('mapping.invalid')
      expect(error.problems.map(({ at }) => at?.file)).toEqual(['/etc/odd.yaml', '/etc/odd.yaml'])
    }
  })
})
