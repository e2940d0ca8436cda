import { finding } from '../../../findings/catalogue.ts'
import type { Finding } from '../../../findings/finding.ts'
import type { KeycloakSeen, SeenClient } from './seen.ts'

/** Where Synapse and MAS have themselves led back to. */
const CALLBACK = /\/_synapse\/client\/oidc\/callback|\/upstream\/callback\//u

export const leadsToMatrix = ({ redirectUris }: SeenClient): boolean => redirectUris.some((uri) => CALLBACK.test(uri))

const PAIRWISE = 'oidc-sha256-pairwise-sub-mapper'

/** Whether people can sign in to Synapse or MAS by Keycloak as those whom they were. */
export const checkClients = ({ clients = [] }: KeycloakSeen): readonly Finding[] => {
  const namesOf = (isSo: (client: SeenClient) => boolean): readonly string[] =>
    clients.filter(isSo).map(({ clientId }) => clientId)
  const pairwise = namesOf(({ protocolMappers }) =>
    protocolMappers.some(({ protocolMapper }) => protocolMapper === PAIRWISE),
  )
  const shut = namesOf(({ enabled, standardFlowEnabled }) => !enabled || !standardFlowEnabled)
  return [
    ...(pairwise.length === 0
      ? []
      : [
          finding('KEYCLOAK_CLIENT_PAIRWISE', {
            message: `Keycloak tells ${pairwise.join(', ')} ids of people that it tells nobody else.`,
            count: pairwise.length,
            samples: pairwise,
            remedy: pairwise.map(
              (name) => `Clients, ${name}, Client scopes, ${name}-dedicated: delete the "Pairwise subject identifier".`,
            ),
          }),
        ]),
    ...(shut.length === 0
      ? []
      : [
          finding('KEYCLOAK_CLIENT_OFF', {
            message: `Nobody can sign in by ${shut.join(', ')}, which leads to Synapse or MAS: disabled, or without the standard flow.`,
            count: shut.length,
            samples: shut,
            remedy: shut.map((name) => `Clients, ${name}: enable it, and turn "Standard flow" on.`),
          }),
        ]),
  ]
}
