import { v5 } from 'uuid'
import { readField } from '../../prepare/json-field.ts'
import type { JsonMap, PrepareStep, StepByHand } from './step.ts'

/** An application that people sign in to by Keycloak: Synapse, or MAS. */
export interface Application {
  readonly id: 'synapse' | 'mas'
  /** As people know it. */
  readonly name: string
  /** Keycloak's name of the client. */
  readonly clientId: string
  readonly redirectUri: string
  /** Where Keycloak tells it that somebody has logged out; absent: it is not told. */
  readonly backchannelLogout?: string
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
    ...about(application, String(present['id'])),
    what: `Let the client ${application.clientId} lead back to ${application.name}`,
    work: {
      kind: 'change',
      path: `clients/${encodeURIComponent(String(present['id']))}`,
      changes: [{ at: ['redirectUris'], before: known, after: [...known, application.redirectUri] }],
    },
  }
}

/** A client that others made may stay as it is; it is theirs to say what its tokens are good for. */
export const scopeByHand = (
  present: JsonMap | undefined,
  { id, name, clientId }: Application,
  realm: string,
): readonly StepByHand[] =>
  present?.['fullScopeAllowed'] === true
    ? [
        {
          id: `scope ${id}`,
          what: `Let tokens of the client ${clientId} give no more rights than ${name} needs: none`,
          why: `Its "Full scope allowed" is on. When an administrator of Keycloak signs in to ${name}, it gets a token that may do at Keycloak whatever the administrator may.`,
          lines: [`kcadm.sh update clients/${String(present['id'])} -r ${realm} -s fullScopeAllowed=false`],
        },
      ]
    : []

const about = ({ id, name, clientId }: Application, idOfClient: string) => ({
  id: `client ${clientId}`,
  why: `${name} sends people to Keycloak as this client, and Keycloak sends them nowhere else.`,
  notes: [
    `Its secret for ${name}: in the console, Clients, ${clientId}, Credentials; put it into the file that the block for ${id === 'mas' ? 'MAS' : 'homeserver.yaml'} names.`,
  ],
  keepers: [
    { kind: 'people' as const, words: `people are in the realm, who could no longer sign in to ${name}` },
    { kind: 'sessions' as const, client: idOfClient, words: `sessions of ${name} are open` },
  ],
})

const newClient = (application: Application, issuer: string): PrepareStep => {
  const id = v5(`${issuer}\n${application.clientId}`, NAMESPACE)
  return {
    ...about(application, id),
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
  // Else a token of an administrator who signs in carries all rights at Keycloak, to where the application keeps it.
  fullScopeAllowed: false,
  redirectUris: [application.redirectUri],
  webOrigins: [],
  attributes: {
    'pkce.code.challenge.method': 'S256',
    ...(application.backchannelLogout === undefined
      ? {}
      : {
          'backchannel.logout.url': application.backchannelLogout,
          'backchannel.logout.session.required': 'true',
        }),
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
