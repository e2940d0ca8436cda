import { v5 } from 'uuid'
import { readField } from './json-field.ts'
import type { JsonMap, PrepareStep } from './step.ts'

/** An application that people sign in to by Keycloak: Synapse, or MAS. */
export interface Application {
  readonly id: 'synapse' | 'mas'
  /** As people know it. */
  readonly name: string
  /** Keycloak's name of the client. */
  readonly clientId: string
  readonly redirectUri: string
  /** Where Keycloak tells it that somebody has logged out. */
  readonly backchannelLogout: string
  /** Attributes of accounts that it is told, by the name of the claim. */
  readonly claims: Readonly<Record<string, string>>
}

/** Of this step's identifiers, so that the same client has the same one, whoever makes it when. */
const NAMESPACE = '5d8a1b52-8c0e-5b64-9d3f-1c2f7f0e6a11'

/**
 * The client of an application: made where it is missing, given the address where it lacks it. Undefined where nothing is to do.
 * @param present the client of that name, as the realm has it
 */
export const clientStep = (
  present: JsonMap | undefined,
  application: Application,
  issuer: string,
): PrepareStep | undefined => {
  if (present === undefined) return newClient(application, issuer)
  const uris = readField(present, ['redirectUris'])
  const known: readonly unknown[] = Array.isArray(uris) ? uris : []
  if (known.includes(application.redirectUri)) return undefined
  return {
    ...about(application),
    what: `Let the client ${application.clientId} lead back to ${application.name}`,
    work: {
      kind: 'change',
      path: `clients/${encodeURIComponent(String(present['id']))}`,
      send: 'whole',
      changes: [{ at: ['redirectUris'], before: known, after: [...known, application.redirectUri] }],
    },
  }
}

const about = ({ id, name, clientId }: Application) => ({
  id: `client ${clientId}`,
  why: `${name} sends people to Keycloak as this client, and Keycloak sends them nowhere else.`,
  notes: [
    `Its secret for ${name}: in the console, Clients, ${clientId}, Credentials; put it into the file that the block for ${id === 'mas' ? 'MAS' : 'homeserver.yaml'} names.`,
  ],
})

const newClient = (application: Application, issuer: string): PrepareStep => {
  const id = v5(`${issuer}\n${application.clientId}`, NAMESPACE)
  return {
    ...about(application),
    what: `Add the client ${application.clientId}, as which ${application.name} signs people in`,
    work: { kind: 'create', collection: 'clients', path: `clients/${id}`, body: representation(id, application) },
  }
}

/** One that signs people in by a code and a proof of who asked for it, and can do nothing else. */
const representation = (id: string, application: Application): JsonMap => ({
  id,
  clientId: application.clientId,
  name: application.name,
  enabled: true,
  protocol: 'openid-connect',
  publicClient: false,
  standardFlowEnabled: true,
  implicitFlowEnabled: false,
  directAccessGrantsEnabled: false,
  serviceAccountsEnabled: false,
  redirectUris: [application.redirectUri],
  webOrigins: [],
  attributes: {
    'pkce.code.challenge.method': 'S256',
    'backchannel.logout.url': application.backchannelLogout,
    'backchannel.logout.session.required': 'true',
  },
  defaultClientScopes: ['basic', 'profile', 'email'],
  optionalClientScopes: [],
  protocolMappers: Object.entries(application.claims).map(([claim, attribute]) => ({
    name: claim,
    protocol: 'openid-connect',
    protocolMapper: 'oidc-usermodel-attribute-mapper',
    config: {
      'user.attribute': attribute,
      'claim.name': claim,
      'jsonType.label': 'String',
      'id.token.claim': 'true',
      'access.token.claim': 'false',
      'userinfo.token.claim': 'true',
    },
  })),
})
