import { STATUS_CODES } from 'node:http'
import { z } from 'zod'
import { redacted } from './redact.ts'

/** How Auth0 refuses: the Management API, its token endpoint, and SCIM. */
const REFUSAL = z.object({
  message: z.string().optional(),
  error: z.string().optional(),
  error_description: z.string().optional(),
  detail: z.string().optional(),
})

const LONGEST = 300

interface Refusing {
  readonly status: number
  readonly body: unknown
}

/** Why Auth0 refused, in its own words, without hashes. They may repeat a value that was sent, such as an e-mail address. */
export const wordsOf = ({ status, body }: Refusing): string => {
  const said = REFUSAL.safeParse(body).data
  const words = said?.message ?? said?.error_description ?? said?.detail ?? said?.error ?? ''
  return words === ''
    ? `${status} ${STATUS_CODES[status] ?? ''}`.trimEnd()
    : redacted(words).slice(0, LONGEST).toWellFormed()
}
