import { type FindingCode, finding, type Seen } from '../../../findings/catalogue.ts'
import type { Finding } from '../../../findings/finding.ts'
import type { Named } from '../../../findings/named.ts'
import { counted, numbered } from '../../../report/counted.ts'
import type { Auth0Config } from '../config/auth0-config.ts'
import { LONGEST_USERNAME } from './connection-rules.ts'
import type { PeopleCounts } from './count-people.ts'

type Config = Pick<Auth0Config, 'connection'>

/** What becomes of people's names: with which of them they could not log in, or not as they are used to. */
export const checkUsernames = ({ all, names }: PeopleCounts, { connection }: Config): readonly Finding[] => [
  ...where('AUTH0_USERNAMES_NOT_TAKEN', names.notTaken, ({ count }) => ({
    message: `The connection ${connection} takes no usernames: ${count === all ? 'everybody is' : counted(count, 'person is', 'people are')} moved without one.`,
    remedy: ['syn2op auth0 prepare --apply', 'Or accept it where everybody logs in with an e-mail address.'],
  })),
  ...where('AUTH0_USERNAME_LENGTH', names.length, ({ count }) => ({
    message: `${counted(count, 'username does', 'usernames do')} not fit into the length that the connection ${connection} takes, which can be up to ${LONGEST_USERNAME} characters.`,
    remedy: ['syn2op auth0 prepare --apply'],
  })),
  ...where('AUTH0_USERNAMES_LEFT', names.left, ({ count }) => ({
    message: `${counted(count, 'person is', 'people are')} moved without a username: Auth0 does not take theirs.`,
    remedy: ['Tell them, or have unfit letters escaped: `usernames: {unfit: escape}` in auth0.yaml.'],
  })),
  ...where('AUTH0_USERNAMES_ESCAPED', names.escaped, ({ count }) => ({
    message: `${counted(count, 'username is', 'usernames are')} spelled otherwise at Auth0, such as ${names.spellings.join(', ')}.`,
    remedy: [
      `Tell ${count === 1 ? 'this person' : `these ${numbered(count)} people`} which name to type, or that their e-mail address does as well.`,
      'Or give them another username in the mapping: `usernames`.',
    ],
  })),
]

/** Nothing where it is nobody. */
export const where = (code: FindingCode, named: Named, seen: (named: Named) => Seen): readonly Finding[] =>
  named.count === 0 ? [] : [finding(code, { ...seen(named), ...named })]
