import type { Mapping } from './mapping.ts'
import { DEFAULT_EMAILS } from './naming-rules.ts'
import { domainOf, type KnownEmail, primaryEmail } from './primary-email.ts'
import { fillTemplate, type Template, type TemplateInput, type TemplateValue, valuesOf } from './template.ts'

/** What is known of an account that migrates. */
export interface KnownAccount {
  readonly mxid: string
  readonly localpart: string
  /** Those that are carried. */
  readonly emails: readonly KnownEmail[]
  readonly displayName?: string
}

/** What an account is called at a target, and what it gets beside its rows. */
export interface AccountShape {
  /** Before twins are told apart; absent: the rules make none. */
  readonly username?: string
  readonly primaryEmail?: string
  /** Absent: none. */
  readonly attributes?: Readonly<Record<string, string>>
}

export type ShapeRules = Pick<Mapping, 'usernames' | 'emails' | 'attributes'> & { readonly serverName: string }

/** The shape of one account: of nothing but the account and the rules, so that it is the same wherever it is asked for. */
export const shapeAccount = (account: KnownAccount, rules: ShapeRules): AccountShape => {
  const primary = primaryEmail(account.emails, rules.emails ?? DEFAULT_EMAILS)
  const input = inputOf(account, rules.serverName, primary)
  const username =
    rules.usernames === undefined
      ? account.localpart
      : rules.usernames.from.reduce<string | undefined>((name, from) => name ?? fillTemplate(from, input), undefined)
  const attributes = Object.entries(rules.attributes ?? {}).flatMap(([name, template]) => {
    const value = fillTemplate(template, input)
    return value === undefined ? [] : [[name, value] as const]
  })
  return {
    ...(username === undefined ? {} : { username }),
    ...(primary === undefined ? {} : { primaryEmail: primary }),
    ...(attributes.length === 0 ? {} : { attributes: Object.fromEntries(attributes) }),
  }
}

const inputOf = (
  { mxid, localpart, displayName }: KnownAccount,
  serverName: string,
  email: string | undefined,
): TemplateInput => ({
  localpart,
  mxid,
  server_name: serverName,
  ...(displayName === undefined ? {} : { displayname: displayName }),
  ...(email === undefined
    ? {}
    : { email, email_localpart: email.slice(0, Math.max(email.lastIndexOf('@'), 0)), email_domain: domainOf(email) }),
})

/** Which values the templates of the rules ask for. */
export const valuesAskedFor = ({
  usernames,
  attributes,
}: Pick<Mapping, 'usernames' | 'attributes'>): ReadonlySet<TemplateValue> =>
  valuesOf([...(usernames?.from ?? []), ...Object.values<Template>(attributes ?? {})])
