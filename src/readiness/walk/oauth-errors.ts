import type { Answer } from '../http/exchange.ts'
import { objectOf } from '../metadata/reading.ts'
import { textIn } from './json-fields.ts'

/** What the codes of OAuth 2.0 and OpenID Connect mean to whoever runs the OP. */
const MEANINGS: Readonly<Record<string, string>> = {
  access_denied: 'the person, or a rule of the OP, refused',
  consent_required: 'the OP wants a consent that it did not ask for',
  interaction_required: 'the OP wants something that it did not ask for',
  invalid_client: 'the OP does not know this client',
  invalid_client_metadata: 'something in the registration is against the rules of the OP',
  invalid_grant: 'the code or the token is not valid, or not any more',
  invalid_redirect_uri: 'the OP does not take this redirect URI',
  invalid_request: 'the OP does not understand the request',
  invalid_scope: 'the OP does not know these scopes, or does not give them to this client',
  login_required: 'the OP wants a login that it did not ask for',
  server_error: 'the OP failed; its log says why',
  temporarily_unavailable: 'the OP is too busy',
  unauthorized_client: 'the OP does not let this client do that',
  unsupported_grant_type: 'the OP does not have this grant',
  unsupported_response_type: 'the OP gives no codes',
  unsupported_token_type: 'the OP does not end tokens of this kind',
}

const LONGEST = 200

/** An error of OAuth in words: its code, what the OP says to it, what it means. */
export const explainError = (code: string, description?: string): string => {
  const said = description === undefined ? '' : ` (“${shortened(description)}”)`
  const meaning = Object.hasOwn(MEANINGS, code) ? `: ${MEANINGS[code]}` : ''
  return `\`${shortened(code)}\`${said}${meaning}`
}

export const shortened = (text: string): string => {
  const line = text.replaceAll(/\s+/gu, ' ').trim()
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line
}

/** A refusal in words: its status, and the error of OAuth or of Matrix that it holds. */
export const refusalOf = ({ status, json }: Answer): string => {
  const fields = objectOf(json)
  const oauth = textIn(fields, 'error')
  const matrix = textIn(fields, 'errcode')
  if (matrix !== undefined) return `${status} ${matrix}${oauth === undefined ? '' : ` (“${shortened(oauth)}”)`}`
  return oauth === undefined ? String(status) : `${status} ${explainError(oauth, textIn(fields, 'error_description'))}`
}
