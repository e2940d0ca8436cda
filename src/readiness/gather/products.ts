import type { Evidence } from '../evidence.ts'
import { opMetadata } from '../metadata/accepted.ts'
import { type JsonObject, memberOf, objectOf } from '../metadata/reading.ts'

const textAt = (document: JsonObject | undefined, name: string): string | undefined => {
  const value = memberOf(document, name)
  return typeof value === 'string' && value !== '' ? value : undefined
}

const LONGEST = 80

/** As the homeserver calls itself, such as `Synapse 1.163.2`; undefined where it does not say. */
export const homeserverProduct = ({ asked }: Evidence): string | undefined => {
  const federation = memberOf(objectOf(asked.serverVersion?.answer?.json), 'server')
  const client = memberOf(objectOf(asked.versions?.answer?.json), 'server')
  for (const server of [objectOf(federation), objectOf(client)]) {
    const name = textAt(server, 'name')
    if (name === undefined) continue
    // Synapse may say more behind its version, such as the branch it was built from.
    const version = textAt(server, 'version')?.split(' ', 1)[0]
    return [name, version]
      .filter((part) => part !== undefined)
      .join(' ')
      .slice(0, LONGEST)
  }
  return undefined
}

/** What the documents of each product have that no other's do. */
const OP_MARKS: readonly { readonly name: string; readonly is: (document: JsonObject, texts: Texts) => boolean }[] = [
  {
    name: 'MAS',
    is: (document, { jwks, token }) =>
      Object.hasOwn(document, 'org.matrix.matrix-authentication-service.graphql_endpoint') ||
      (jwks.endsWith('/oauth2/keys.json') && token.endsWith('/oauth2/token')),
  },
  { name: 'Tuwunel', is: (_, { token }) => token.includes('/_tuwunel/oidc/') },
  { name: 'continuwuity', is: (_, { token }) => token.includes('/_continuwuity/oauth2/') },
  { name: 'Keycloak', is: (_, { token }) => /\/realms\/[^/]+\/protocol\/openid-connect\//u.test(token) },
  {
    name: 'Okta',
    is: (_, { token, issuer }) =>
      /\.okta(?:preview|-emea)?\.com(?:\/|$)/u.test(issuer) || /\/oauth2\/(?:[^/]+\/)?v1\/token$/u.test(token),
  },
  {
    name: 'Auth0',
    is: (_, { token, issuer, registration }) =>
      /\.auth0\.com(?:\/|$)/u.test(issuer) ||
      (token.endsWith('/oauth/token') && registration.endsWith('/oidc/register')),
  },
]

interface Texts {
  readonly issuer: string
  readonly token: string
  readonly jwks: string
  readonly registration: string
}

/** As far as the documents of the OP tell, such as `MAS` or `Keycloak`; undefined where they look like nothing known here. */
export const opProduct = (evidence: Evidence): string | undefined => {
  const document = opMetadata(evidence)?.document
  if (document === undefined) return undefined
  const texts: Texts = {
    issuer: textAt(document, 'issuer') ?? '',
    token: textAt(document, 'token_endpoint') ?? '',
    jwks: textAt(document, 'jwks_uri') ?? '',
    registration: textAt(document, 'registration_endpoint') ?? '',
  }
  return OP_MARKS.find(({ is }) => is(document, texts))?.name
}
