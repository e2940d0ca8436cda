/** Members, fields and parameters whose values are shown to nobody. */
export const SECRET_NAMES: ReadonlySet<string> = new Set([
  'access_token',
  'refresh_token',
  'id_token',
  'id_token_hint',
  'registration_access_token',
  'as_token',
  'hs_token',
  'login_token',
  'logintoken',
  'token',
  'code',
  'code_verifier',
  'device_code',
  'user_code',
  'client_secret',
  'client_assertion',
  'assertion',
  'password',
  'secret',
  'state',
  'nonce',
  'sid',
  'session',
  'session_id',
  'sessionid',
  'session_code',
  'session_state',
])

export const isSecretName = (name: string): boolean => SECRET_NAMES.has(name.toLowerCase())

/** Headers whose whole values are secrets, but for the scheme of an authorization. */
const SECRET_HEADERS: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization', 'cookie', 'set-cookie'])

export const isSecretHeader = (name: string): boolean => SECRET_HEADERS.has(name.toLowerCase())
