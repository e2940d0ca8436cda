import type { SpecialAccount } from './special-account.ts'

/** What has become of somebody: their user as Auth0 tells of it and what each login ended with, or why there is none. */
export type SpecialEnd = { readonly account: SpecialAccount } & (
  | { readonly why: string }
  | {
      readonly body: Readonly<Record<string, unknown>>
      readonly tried: readonly string[]
      /** Addresses without a place. */
      readonly left: number
    }
)

const SHORT = 24

const short = (text: string): string => (text.length > SHORT ? `${text.slice(0, 8)}… (${text.length})` : text)

const listed = (value: unknown): string => {
  if (Array.isArray(value)) return `${value.length}`
  return typeof value === 'string' ? value : JSON.stringify(value ?? '')
}

/** What the user has of what its account had. */
const describeUser = (body: Readonly<Record<string, unknown>>, left: number): string => {
  const { matrix } = Object(body['app_metadata'])
  const { emails, phones, admin } = Object(matrix)
  const parts: readonly (readonly [string, unknown])[] = [
    ['username', short(listed(body['username']))],
    ['e-mail', body['email']],
    ['phone', body['phone_number']],
    ['blocked', body['blocked']],
    ['other e-mails in app_metadata', emails],
    ['other phones in app_metadata', phones],
    ['admin in app_metadata', admin],
    ['addresses left', left === 0 ? undefined : left],
  ]
  return parts.flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${listed(value)}`])).join(', ')
}

/** As a table in Markdown. */
export const printSpecial = (ends: readonly SpecialEnd[]): void => {
  const rows = ends.map((end) => {
    const { what, becomes } = end.account
    return 'why' in end
      ? [what, becomes, end.why, '']
      : [what, becomes, describeUser(end.body, end.left), end.tried.join('; ')]
  })
  const lines = [['account', 'outcome', 'at Auth0', 'logins'], ['---', '---', '---', '---'], ...rows]
  console.log(lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n'))
}
