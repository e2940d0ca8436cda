import type { EmailRules } from './mapping.ts'

/** An e-mail address as Synapse holds it, and when it was added, milliseconds since 1970. */
export interface KnownEmail {
  readonly address: string
  readonly addedAt: number
}

/** Letters of ASCII only, as every server folds them alike. */
export const asciiLower = (text: string): string => text.replaceAll(/[A-Z]/gu, (letter) => letter.toLowerCase())

/** What comes after the last @. */
export const domainOf = (address: string): string =>
  asciiLower(
    address
      .replaceAll(/^ +| +$/gu, '')
      .split('@')
      .at(-1) ?? '',
  )

/** The primary one of an account's addresses, in whatever order they come; the decision in SQL takes the same one. */
export const primaryEmail = (
  emails: readonly KnownEmail[],
  { primary, preferDomains }: Pick<EmailRules, 'primary' | 'preferDomains'>,
): string | undefined => {
  if (primary === 'none') return undefined
  const rank = ({ address }: KnownEmail): number => {
    const position = preferDomains.indexOf(domainOf(address))
    return position === -1 ? preferDomains.length : position
  }
  const [first] = emails.toSorted(
    (a, b) =>
      rank(a) - rank(b) ||
      (primary === 'newest' ? b.addedAt - a.addedAt : a.addedAt - b.addedAt) ||
      Buffer.compare(Buffer.from(a.address), Buffer.from(b.address)),
  )
  return first?.address
}
