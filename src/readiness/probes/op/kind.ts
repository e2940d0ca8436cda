import type { Evidence } from '../../evidence.ts'
import { opProduct } from '../../gather/products.ts'

const KINDS = ['MAS', 'Tuwunel', 'continuwuity', 'Keycloak', 'Okta', 'Auth0'] as const

/** OPs whose answers are known to mean something of their own. */
export type OpKind = (typeof KINDS)[number]

/** Which OP it is, as far as its documents tell; absent where it looks like none of these. */
export const kindOf = (evidence: Evidence): OpKind | undefined => {
  const product = opProduct(evidence)
  return KINDS.find((kind) => kind === product)
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
