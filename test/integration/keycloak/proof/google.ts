import { newRealm, type TestRealm } from '../../../support/keycloak/realm.ts'
import type { KeycloakAddress } from '../../../support/keycloak/server.ts'
import { LINKED } from './people.ts'

/** A realm that stands for another company's: the provider `google`, of Synapse before and of the other realm now. */
export interface Google {
  /** What homeserver.yaml says of it. */
  readonly settings: Readonly<Record<string, unknown>>
  /** The id that the person of LINKED has there. */
  readonly personId: string
  remove(): Promise<void>
}

/** The client as which both Synapse and the realm are known there. */
const CLIENT = { clientId: 'matrix', secret: 'the secret of matrix at google' }

/** @param realm whose people will be able to log in by it */
export const makeGoogle = async (keycloak: KeycloakAddress, realm: TestRealm): Promise<Google> => {
  const google = await newRealm(keycloak, { profile: 'relaxed' })
  const issuer = `${google.url}/realms/${google.name}`
  const redirectUris = [`${realm.url}/realms/${realm.name}/broker/google/endpoint`]
  await google.admin.post('clients', { ...CLIENT, redirectUris })
  const { username, password } = LINKED.atGoogle
  const credentials = [{ type: 'password', value: password }]
  const { location = '' } = await google.admin.post('users', { username, enabled: true, credentials })
  return {
    settings: {
      idp_id: 'google',
      idp_name: 'Google',
      issuer,
      client_id: CLIENT.clientId,
      client_secret: CLIENT.secret,
      scopes: ['openid', 'profile'],
      // Synapse insists on https otherwise.
      skip_verification: true,
    },
    personId: location.slice(location.lastIndexOf('/') + 1),
    remove: google.remove,
  }
}
