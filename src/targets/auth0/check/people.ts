import type { Finding } from '../../../findings/finding.ts'
import { counted, numbered } from '../../../report/counted.ts'
import type { Auth0Config } from '../config/auth0-config.ts'
import { connectionRules } from './connection-rules.ts'
import type { PeopleCounts } from './count-people.ts'
import type { Auth0Seen } from './seen.ts'
import { where } from './usernames.ts'

interface Judging {
  readonly config: Pick<Auth0Config, 'connection' | 'email'>
  readonly connection: Auth0Seen['connection']
  readonly isFlexible: boolean
}

/** The documented warning that goes with the only way out of a required e-mail address. */
const BREAKING =
  'That turns on flexible identifiers, of which Auth0 warns that they may break a login page in production: try it in another tenant first.'

const ofClosed = (count: number): string =>
  count === 0 ? '' : ` (${numbered(count)} of them deactivated: Synapse has removed theirs)`

/** What people lack of what the connection asks for, and what finds no place there. */
export const checkPeople = (people: PeopleCounts, { config, connection, isFlexible }: Judging): readonly Finding[] => {
  if (connection === undefined || connection === 'missing') return []
  const takes = connectionRules(connection.options)
  const { withoutEmail, closedWithoutEmail: closed, withoutPhone, nameless, phonesKept, large } = people
  const isRefused = config.email.without === 'refuse'
  return [
    ...(takes.requiresEmail && !isRefused
      ? where('AUTH0_EMAIL_REQUIRED', withoutEmail, ({ count }) => ({
          message: `${counted(count, 'person has', 'people have')} no e-mail address${ofClosed(closed)}, and the connection ${config.connection} requires one.`,
          remedy: [
            'syn2op auth0 prepare --without-email --apply',
            ...(isFlexible ? [] : [BREAKING]),
            ...(closed === 0
              ? []
              : ['Or hold back who is deactivated: `accounts: {deactivated: hold_back}` in the mapping.']),
            'Or do not move these people: `email: {without: refuse}` in auth0.yaml.',
          ],
        }))
      : []),
    ...(isRefused
      ? where('AUTH0_WITHOUT_EMAIL', withoutEmail, ({ count }) => ({
          message: `${counted(count, 'person has', 'people have')} no e-mail address and ${count === 1 ? 'is' : 'are'} not moved, as auth0.yaml says.`,
          remedy: ['Have each add an address in Synapse, or write `email: {without: allow}` into auth0.yaml.'],
        }))
      : []),
    ...(takes.requiresPhone
      ? where('AUTH0_PHONE_REQUIRED', withoutPhone, ({ count }) => ({
          message: `${counted(count, 'person has', 'people have')} no phone number, and the connection ${config.connection} requires one.`,
          remedy: ['syn2op auth0 prepare --without-phone --apply'],
        }))
      : []),
    ...(takes.requiresEmail || isRefused
      ? []
      : where('AUTH0_NO_IDENTIFIER', nameless, ({ count }) => ({
          message: `${counted(count, 'person has', 'people have')} nothing that the connection ${config.connection} knows people by, and ${count === 1 ? 'is' : 'are'} not moved.`,
          remedy: ['syn2op auth0 prepare --apply: it lets the connection take usernames.'],
        }))),
    ...where('AUTH0_PHONES_KEPT', phonesKept, ({ count }) => ({
      message: `Of ${numbered(count)} ${count === 1 ? 'person' : 'people'} phone numbers are kept in the metadata, where nobody can log in with them.`,
      remedy: [
        takes.takesPhones
          ? 'A user has one phone number; nothing to do.'
          : `Where people log in with them: Authentication, Database, ${config.connection}, Attributes, Add Attribute, Phone Number.`,
      ],
    })),
    ...where('AUTH0_METADATA_LARGE', large, ({ count }) => ({
      message: `${counted(count, 'person has', 'people have')} more than the 10 KB that Auth0 keeps of a user; what does not fit is left.`,
      remedy: [
        'See what is left of whom: syn2op plan',
        'Make fewer or shorter attributes in the mapping, or accept it.',
      ],
    })),
  ]
}
