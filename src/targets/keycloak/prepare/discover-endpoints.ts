import { z } from 'zod'
import type { OidcClient, OidcEndpoints } from '../../../synapse/oidc-clients.ts'

const METADATA = z.object({
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
  userinfo_endpoint: z.url().optional(),
  end_session_endpoint: z.url().optional(),
})

const TIMEOUT_MS = 10_000

/** A provider of Synapse with its endpoints, as far as they are known. */
export interface UpstreamProvider extends OidcClient {
  /** Why the provider could not be asked for its endpoints. */
  readonly undiscovered?: string
}

/**
 * Asks a provider for its endpoints, where Synapse does so too; those that homeserver.yaml names count all the same.
 * @throws the signal's reason when it is aborted
 */
export const withEndpoints = async (client: OidcClient, signal: AbortSignal): Promise<UpstreamProvider> => {
  if (!client.discover) return client
  const found = await discover(client.issuer, signal)
  if ('why' in found) return { ...client, undiscovered: found.why }
  return { ...client, endpoints: { ...found.endpoints, ...client.endpoints } }
}

const discover = async (
  issuer: string,
  signal: AbortSignal,
): Promise<{ readonly endpoints: OidcEndpoints } | { readonly why: string }> => {
  try {
    const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      headers: { accept: 'application/json' },
    })
    if (!response.ok) return { why: `it answers ${response.status}` }
    const metadata = METADATA.safeParse(await response.json())
    if (!metadata.success) return { why: 'it answers what is no description of an OpenID provider' }
    const { data } = metadata
    return {
      endpoints: {
        authorization: data.authorization_endpoint,
        token: data.token_endpoint,
        jwks: data.jwks_uri,
        ...(data.userinfo_endpoint === undefined ? {} : { userinfo: data.userinfo_endpoint }),
        ...(data.end_session_endpoint === undefined ? {} : { logout: data.end_session_endpoint }),
      },
    }
  } catch {
    signal.throwIfAborted()
    return { why: 'it does not answer' }
  }
}
