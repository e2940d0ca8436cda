import type { Evidence } from '../../evidence.ts'
import { judgedDocument, ownDocument, textField } from './documents.ts'

/** OPs whose answers are known to mean something of their own. */
export type OpKind = 'MAS' | 'Tuwunel' | 'continuwuity' | 'Keycloak' | 'Okta' | 'Auth0'

const SHAPES: readonly (readonly [OpKind, RegExp])[] = [
  ['Tuwunel', /\/_tuwunel\/oidc\//u],
  ['continuwuity', /\/_continuwuity\/oauth2\//u],
  ['Keycloak', /\/realms\/[^/]+\/protocol\/openid-connect\//u],
  ['Okta', /\/oauth2\/(?:[^/]+\/)?v1\/token$/u],
  ['Auth0', /\/oauth\/token$/u],
  ['MAS', /\/oauth2\/token$/u],
]

/** By the shape of its token endpoint, which no setting changes; absent where no known OP has it so. */
export const kindOf = (evidence: Evidence): OpKind | undefined => {
  const endpoint = textField(ownDocument(evidence)?.document ?? judgedDocument(evidence), 'token_endpoint')
  return endpoint === undefined ? undefined : SHAPES.find(([, shape]) => shape.test(endpoint))?.[0]
}

/** Whether it is part of a homeserver: it needs nobody to tell it of a sign-out. */
export const isHomeserversOwn = (kind: OpKind | undefined): boolean => kind === 'Tuwunel' || kind === 'continuwuity'

const OF_NO_HOMESERVER: ReadonlySet<OpKind | undefined> = new Set<OpKind>(['Keycloak', 'Okta', 'Auth0'])

/** Whether it gives nobody tokens that a homeserver would take. */
export const isUpstreamOnly = (kind: OpKind | undefined): boolean => OF_NO_HOMESERVER.has(kind)

/** What such an OP is good for; empty for OPs of Matrix. */
export const upstreamRemedy = (kind: OpKind | undefined): readonly string[] =>
  isUpstreamOnly(kind)
    ? [
        `No homeserver takes tokens of ${kind}: Synapse takes those of MAS only. Put ${kind} behind MAS (\`upstream_oauth2.providers\` in MAS's configuration), or behind Synapse itself (\`oidc_providers\` in homeserver.yaml).`,
      ]
    : []

/** The same in short, where a remedy of its own comes first. */
export const upstreamHint = (kind: OpKind | undefined): readonly string[] =>
  isUpstreamOnly(kind) ? [`Behind MAS or Synapse, where ${kind} belongs, this does not matter: see ACCOUNT_PAGE.`] : []
