import { Syn2opError } from '../errors/syn2op-error.ts'
import type { EmailRules, Mapping, UsernameRules } from './mapping.ts'
import { asciiLower } from './primary-email.ts'
import { parseTemplate, type Template } from './template.ts'

interface NamingInFile {
  readonly usernames: { readonly from: string | readonly string[]; readonly collision: UsernameRules['collision'] }
  readonly emails: {
    readonly primary: EmailRules['primary']
    readonly prefer_domains: readonly string[]
    readonly others: EmailRules['others']
  }
  readonly attributes: Readonly<Record<string, string>>
}

export const DEFAULT_EMAILS: EmailRules = { primary: 'oldest', preferDomains: [], others: 'keep' }

const LOCALPART = '{localpart}'

/** The rules of usernames, e-mails and attributes, those left out that say no more than the default. */
export const namingRules = ({
  usernames,
  emails,
  attributes,
}: NamingInFile): Pick<Mapping, 'usernames' | 'emails' | 'attributes'> => {
  const from = typeof usernames.from === 'string' ? [usernames.from] : usernames.from
  const isDefaultName = from.length === 1 && from[0] === LOCALPART && usernames.collision === 'hold_back'
  const { primary, prefer_domains, others } = emails
  const isDefaultEmail = primary === 'oldest' && prefer_domains.length === 0 && others === 'keep'
  const named = Object.entries(attributes)
  return {
    ...(isDefaultName ? {} : { usernames: { from: from.map(toTemplate), collision: usernames.collision } }),
    ...(isDefaultEmail ? {} : { emails: { primary, preferDomains: prefer_domains.map(asciiLower), others } }),
    ...(named.length === 0
      ? {}
      : { attributes: Object.fromEntries(named.map(([name, text]) => [name, toTemplate(text)])) }),
  }
}

/** The schema has refused whatever is none. */
const toTemplate = (text: string): Template => {
  const parsed = parseTemplate(text)
  if ('fault' in parsed) throw new Syn2opError('internal', `A template of the mapping ${parsed.fault}`)
  return parsed
}
