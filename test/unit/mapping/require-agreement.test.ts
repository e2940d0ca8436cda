import { expect, test } from 'vitest'
import { Syn2opError } from '../../../src/errors/syn2op-error.ts'
import { loadMapping, parseMapping, starterMapping } from '../../../src/mapping/load-mapping.ts'
import { requireAgreement } from '../../../src/mapping/require-agreement.ts'

const mapping = (file: string, ...lines: readonly string[]) =>
  parseMapping(['version: 1', ...lines, ''].join('\n'), file)

const problems = (logins: readonly string[], accounts: readonly string[]): readonly string[] => {
  try {
    requireAgreement(mapping('keycloak.yaml', ...logins), mapping('mas.yaml', ...accounts))
    return []
  } catch (error) {
    if (!(error instanceof Syn2opError)) throw error
    return error.problems.map(({ message, at }) => `${at?.file}:${at?.line} ${message}`)
  }
}

test('the rules that come along agree: guests have no logins', async () => {
  const [keycloak, mas] = [await loadMapping(starterMapping('keycloak')), await loadMapping(starterMapping('mas'))]
  expect(() => requireAgreement(keycloak, mas)).not.toThrow()
})

test('guests that Keycloak would get and MAS would not are refused', () => {
  expect(problems([], ['accounts:', '  guests: hold_back'])).toEqual([
    'mas.yaml:3 `accounts.guests` is hold_back here, and migrate in keycloak.yaml',
  ])
})

test.each([
  { rule: 'accounts.locked', lines: ['accounts:', '  locked: hold_back'] },
  { rule: 'accounts.deactivated', lines: ['accounts:', '  deactivated: hold_back'] },
  { rule: 'accounts.without_login', lines: ['accounts:', '  without_login: hold_back'] },
  { rule: 'accounts.bots', lines: ['accounts:', '  bots: hold_back'] },
  { rule: 'ghosts', lines: ["ghosts: ['^@irc_']"] },
  { rule: 'registrations', lines: ['registrations: all'] },
  { rule: 'cohorts', lines: ['cohorts: [{ name: pilot, match: { percent: 5 } }]'] },
])('who migrates is the same at both, by $rule', ({ rule, lines }) => {
  expect(problems(lines, lines)).toEqual([])
  expect(problems(lines, []).join()).toContain(`\`${rule}\` is`)
  expect(problems([], lines).join()).toContain(`\`${rule}\` is`)
})

test('what becomes of names, addresses and conflicts is for each to say', () => {
  expect(problems(["usernames: { from: '{localpart|lower}' }", 'conflicts: { email: leave }'], [])).toEqual([])
})
