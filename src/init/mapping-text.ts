import { formatCount, formatInteger } from '../terminal/numbers.ts'
import { acceptLines } from './accept-lines.ts'
import { auth0Lines } from './auth0-lines.ts'
import { cohortLines } from './cohort-lines.ts'
import { fileOfApi, type InitFacts, targetName } from './facts.ts'
import { ghostLines } from './ghost-lines.ts'
import { keycloakLines } from './keycloak-lines.ts'
import { providerLines } from './provider-lines.ts'
import { comment } from './yaml-text.ts'

/** mapping.yaml: the rules, with what each of them is about on this homeserver. Every line that is no default says why. */
export const mappingText = (facts: InitFacts): string =>
  [
    comment(
      `Rules for moving ${facts.homeserver.serverName} to ${targetName(facts.target)}, written by \`syn2op init\`.`,
    ),
    comment(summary(facts)),
    comment(
      'Indented lines behind # are suggestions: take the # away from those that you want. `syn2op plan` shows what they do.',
    ),
    '',
    'version: 1',
    '',
    comment('What becomes of the accounts of each kind: `migrate`, or `hold_back` (nothing of theirs is written).'),
    'accounts:',
    ...accountLines(facts).map((line) => `  ${line}`),
    '',
    ...ghostLines(facts),
    '',
    ...ownRules(facts),
    ...providerLines(facts),
    '',
    comment('What becomes of an account that meets somebody else’s name, e-mail or identity at the target.'),
    'conflicts:',
    isByRequests(facts)
      ? '  username: hold_back # the only way: whether two are the same person, only their administrator knows'
      : '  username: hold_back # adopt: it is the same person, and gets what it lacks',
    '  email: hold_back # leave: only the address stays behind',
    '  identity: hold_back # leave: only the link to the SSO provider stays behind',
    '',
    ...cohortLines(facts),
    '',
    ...acceptLines(facts),
    '',
  ].join('\n')

const summary = ({ source }: InitFacts): string =>
  source === undefined
    ? 'The database could not be looked at: no numbers are given. Run `syn2op init --force` again when it can.'
    : `The database has ${formatCount(source.accounts, 'account', 'accounts')}, ${formatInteger(source.people)} of people.`

/** Targets behind an API: they adopt nobody, and know no guests. */
const isByRequests = ({ target }: InitFacts): boolean => fileOfApi(target) !== undefined

const ownRules = ({ target }: InitFacts): readonly string[] => {
  if (target.name === 'keycloak') return keycloakLines()
  return target.name === 'auth0' ? auth0Lines() : []
}

const accountLines = (facts: InitFacts): readonly string[] => {
  const { source } = facts
  const how = (count: number | undefined): string => (count === undefined ? '' : `${formatInteger(count)}; `)
  const guests = source?.guests === 0 ? 'there are none; ' : how(source?.guests)
  return [
    isByRequests(facts)
      ? `guests: hold_back # ${guests}${targetName(facts.target)} knows no guests`
      : `guests: migrate # ${guests}written as guests, without a session: nobody logs in as a guest afterwards; hold_back: not written at all`,
    `deactivated: migrate # ${how(source?.deactivated)}they stay closed, and their names stay taken`,
    `locked: migrate # ${how(source?.locked)}they stay locked`,
    `without_login: migrate # neither password nor SSO identity; ${facts.target.name === 'auth0' ? 'with an e-mail address they can set a password, and ACCOUNTS_WITHOUT_LOGIN counts those without' : 'the warning ACCOUNTS_WITHOUT_LOGIN counts them'}`,
  ]
}
