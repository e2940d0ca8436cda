/** Whose token it is, or why it is nobody's: what a client would be told, in Synapse's words. */
export interface WhoAmI {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

export interface MasAsked {
  /** Where MAS answers. */
  readonly masUrl: string
  /** What the homeserver and MAS know each other by: a secret. */
  readonly secret: string
  readonly serverName: string
}

const TIMEOUT_MS = 30_000

/** Scopes by which a token is one for the Matrix API; the second has the name from before it was accepted. */
const API_SCOPES: readonly string[] = ['urn:matrix:client:api:*', 'urn:matrix:org.matrix.msc2967.client:api:*']
const DEVICE_SCOPE = /^urn:matrix:(?:org\.matrix\.msc2967\.)?client:device:/u

/** Synapse takes no other device ids from MAS. */
const LONGEST_DEVICE_ID = 255

export const refusal = (status: number, errcode: string, error: string): WhoAmI => ({
  status,
  body: { errcode, error },
})

const inactive = (): WhoAmI => refusal(401, 'M_UNKNOWN_TOKEN', 'Token is not active')

const deviceOf = (given: unknown, scopes: readonly string[]): readonly string[] => {
  if (typeof given === 'string') return [given]
  return [
    ...new Set(scopes.filter((scope) => DEVICE_SCOPE.test(scope)).map((scope) => scope.replace(DEVICE_SCOPE, ''))),
  ]
}

/**
 * What Synapse makes of an introspection. It also looks whether user and device are in its database, which is left out here.
 * Source: Synapse, synapse/api/auth/mas.py, `get_user_by_access_token`.
 */
export const judgeIntrospection = (
  introspection: Readonly<Record<string, unknown>>,
  { serverName }: Pick<MasAsked, 'serverName'>,
): WhoAmI => {
  const { active, expires_in: expires, scope, username, device_id: device } = introspection
  if (active !== true || (typeof expires === 'number' && expires <= 0)) return inactive()
  const scopes = typeof scope === 'string' ? scope.split(' ') : []
  if (!API_SCOPES.some((each) => scopes.includes(each))) {
    return refusal(401, 'M_UNKNOWN_TOKEN', "Token doesn't grant access to the Matrix C-S API")
  }
  if (typeof username !== 'string')
    return refusal(500, 'M_FORBIDDEN', 'Invalid username claim in the introspection result')
  const devices = deviceOf(device, scopes)
  if (devices.length > 1) return refusal(500, 'M_FORBIDDEN', 'Multiple device IDs in scope')
  const [id] = devices
  const length = id === undefined ? 1 : [...id].length
  if (length < 1 || length > LONGEST_DEVICE_ID) {
    return refusal(500, 'M_FORBIDDEN', 'Invalid device ID in introspection result')
  }
  return {
    status: 200,
    body: { user_id: `@${username}:${serverName}`, is_guest: false, ...(id === undefined ? {} : { device_id: id }) },
  }
}

/**
 * Asks MAS whose token it is, as Synapse does, with the secret of both.
 * Source: Synapse, synapse/api/auth/mas.py, `_introspect_token`.
 */
export const whoAmI = async (token: string, { masUrl, secret, serverName }: MasAsked): Promise<WhoAmI> => {
  const failed = refusal(503, 'M_UNKNOWN', 'Unable to introspect the access token')
  try {
    const response = await fetch(new URL('oauth2/introspect', masUrl), {
      method: 'POST',
      redirect: 'error',
      headers: {
        'accept': 'application/json',
        'authorization': `Bearer ${secret}`,
        // It reads the device from the answer, and not from a scope.
        'x-mas-supports-device-id': '1',
      },
      body: new URLSearchParams({ token, token_type_hint: 'access_token' }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    if (!response.ok) return failed
    const answer: unknown = await response.json()
    return typeof answer === 'object' && answer !== null ? judgeIntrospection({ ...answer }, { serverName }) : failed
  } catch {
    return failed
  }
}
