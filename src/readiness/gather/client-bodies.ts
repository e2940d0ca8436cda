import { type JsonObject, memberOf } from '../metadata/reading.ts'
import { hostKind } from '../this-machine.ts'

export const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code'

/** The name under which an OP shows the clients that we register. */
export const CLIENT_NAME = 'syn2op readiness'

/** Where a native client is sent back to; nothing listens there. */
export const NATIVE_REDIRECT = 'http://127.0.0.1/callback'

/**
 * The site that a client says it is of: OPs take none that is not https, and MAS neither this machine nor a public suffix. The same each time, so
 * that an OP that knows a client by what it says, as MAS does, has one of us and not many.
 */
export const clientSite = (addresses: readonly (string | undefined)[], origin: string): string => {
  const own = addresses.find((address) => {
    const url = address === undefined ? null : URL.parse(address)
    return url?.protocol === 'https:' && hostKind(url) !== 'loopback'
  })
  return new URL(own ?? origin).origin
}

/** As Element Web registers: the device grant only where the OP has it. */
export const webClient = (site: string, metadata: JsonObject): JsonObject => ({
  client_name: CLIENT_NAME,
  client_uri: `${site}/`,
  redirect_uris: [webRedirect(site)],
  response_types: ['code'],
  grant_types: ['authorization_code', 'refresh_token', ...(hasDeviceGrant(metadata) ? [DEVICE_GRANT] : [])],
  token_endpoint_auth_method: 'none',
  application_type: 'web',
})

/** As Element X registers: the device grant always. */
export const nativeClient = (site: string): JsonObject => ({
  client_name: CLIENT_NAME,
  client_uri: `${site}/`,
  redirect_uris: [NATIVE_REDIRECT],
  response_types: ['code'],
  grant_types: ['authorization_code', 'refresh_token', DEVICE_GRANT],
  token_endpoint_auth_method: 'none',
  application_type: 'native',
})

export const webRedirect = (site: string): string => `${site}/syn2op-readiness`

const hasDeviceGrant = (metadata: JsonObject): boolean => {
  const grants = memberOf(metadata, 'grant_types_supported')
  return Array.isArray(grants) && grants.includes(DEVICE_GRANT)
}
