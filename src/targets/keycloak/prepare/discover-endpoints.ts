import { z } from 'zod'
import type { OidcClient, OidcEndpoints } from '../../../synapse/oidc-clients.ts'
import { openidDocument } from '../api/openid-document.ts'

const METADATA = z.object({
  issuer: z.url(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
  userinfo_endpoint: z.url().optional(),
  end_session_endpoint: z.url().optional(),
})

/** A provider of Synapse with its endpoints, as far as they are known. */
export interface UpstreamProvider extends OidcClient {
  /** Why the provider could not be asked for its endpoints. */
  readonly undiscovered?: string
}

interface Discovered {
  /** As the provider writes it: Keycloak compares it letter by letter with what tokens say. */
  readonly issuer: string
  readonly endpoints: OidcEndpoints
}

/**
 * Asks a provider for its endpoints, where Synapse does so too, which follows no redirection either; those that homeserver.yaml names count all the same.
 * @throws the signal's reason when it is aborted
 */
export const withEndpoints = async (client: OidcClient, signal: AbortSignal): Promise<UpstreamProvider> => {
  if (!client.discover) return client
  const found = await discover(client.issuer, signal)
  if ('why' in found) return { ...client, undiscovered: found.why }
  return { ...client, issuer: found.issuer, endpoints: { ...found.endpoints, ...client.endpoints } }
}

const withoutSlash = (url: string): string => url.replace(/\/$/, '')

const discover = async (issuer: string, signal: AbortSignal): Promise<Discovered | { readonly why: string }> => {
  const found = await openidDocument(issuer, signal)
  if ('why' in found) return found
  const { data } = METADATA.safeParse(found.document)
  if (data === undefined) return { why: 'it answers what is no description of an OpenID provider' }
  if (withoutSlash(data.issuer) !== withoutSlash(issuer)) return { why: `it calls itself ${data.issuer}` }
  return {
    issuer: data.issuer,
    endpoints: {
      authorization: data.authorization_endpoint,
      token: data.token_endpoint,
      jwks: data.jwks_uri,
      ...(data.userinfo_endpoint === undefined ? {} : { userinfo: data.userinfo_endpoint }),
      ...(data.end_session_endpoint === undefined ? {} : { logout: data.end_session_endpoint }),
    },
  }
}
