import { STATUS_CODES } from 'node:http'
import type { AdminAnswer } from './admin-api.ts'
import { WORDS } from './user-shapes.ts'

const LONGEST = 300

/** Why Keycloak refused, in its own words; they name usernames and fields, no values of credentials. */
export const wordsOf = ({ status, body }: AdminAnswer): string => {
  const words = WORDS.safeParse(body).data ?? ''
  return words === '' ? `${status} ${STATUS_CODES[status] ?? ''}`.trimEnd() : words.slice(0, LONGEST).toWellFormed()
}
