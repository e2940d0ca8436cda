import { unreadRegistrations } from '../synapse/application-services.ts'
import { knownModule } from '../synapse/known-modules.ts'
import { formatCount, formatInteger } from '../terminal/numbers.ts'
import type { InitFacts, NamespaceUse } from './facts.ts'
import { comment, scalar, suggestion } from './yaml-text.ts'

/** The rules about users of application services: which of the registrations count, and what they match. */
export const ghostLines = (facts: InitFacts): readonly string[] => [
  comment(
    'Users of application services go on through their service and are held back: those that Synapse marks as such',
  ),
  comment(`${marked(facts)}and those in the namespaces of the registration files that count.`),
  ...(facts.source?.namespaces ?? []).map((use) => comment(`  ${describe(use)}`)),
  ...unread(facts),
  `registrations: ${ruleOf(facts)} # none, exclusive (only namespaces that nobody else may use), all`,
  comment('Namespaces of services that are gone, as PostgreSQL’s regular expressions over the whole Matrix id:'),
  'ghosts:',
  suggestion(`- ${scalar(`^@_irc_.*:${literal(facts.homeserver.serverName)}$`)}`),
]

/** A server's name as a regular expression: it may have a port, or be an address in brackets. */
const literal = (serverName: string): string => serverName.replaceAll(/[^\w:-]/gu, String.raw`\$&`)

const marked = ({ source }: InitFacts): string => (source === undefined ? '' : `(${formatInteger(source.ofServices)}) `)

const describe = ({ service, regex, exclusive, matched }: NamespaceUse): string =>
  `${service}: ${regex}${exclusive ? '' : ' (not exclusive)'}: ${countOf(matched)}`

const countOf = (matched: NamespaceUse['matched']): string => {
  if (matched === undefined) return 'cannot be written for PostgreSQL as it stands'
  const { unmarked, likePeople } = matched
  const people = likePeople > 0 ? `, ${formatInteger(likePeople)} with a password, an identity or a device` : ''
  return `${formatCount(unmarked, 'account', 'accounts')} more${people}`
}

const unread = ({ homeserver }: InitFacts): readonly string[] =>
  unreadRegistrations(homeserver).map(({ file, why }) => comment(`  not read: ${file} (${why})`))

/**
 * People may have had a name before somebody claimed it for a service: where an account looks like one of theirs, nobody
 * could count, or a file was not read, a person must look. Of people who log in through a module there may be no trace.
 */
const ruleOf = ({ source, homeserver }: InitFacts): 'none' | 'exclusive' => {
  const exclusive = (source?.namespaces ?? []).filter((one) => one.exclusive)
  if (exclusive.length === 0 || unreadRegistrations(homeserver).length > 0) return 'none'
  const isTold = !hasOtherLogins(homeserver)
  const isNobody = ({ matched }: NamespaceUse): boolean =>
    matched !== undefined && (isTold ? matched.likePeople : matched.unmarked) === 0
  return exclusive.every(isNobody) ? 'exclusive' : 'none'
}

/** Whether people may log in by what leaves nothing in the database; a module nobody knows may let them. */
const hasOtherLogins = ({ modules, passwordProviders, jwtEnabled }: InitFacts['homeserver']): boolean => {
  const lets = (name: string): boolean => {
    const known = knownModule(name)
    return known === undefined || known.login !== undefined
  }
  return jwtEnabled || passwordProviders.length > 0 || modules.some(lets)
}
