import { finding } from '../../../findings/catalogue.ts'
import type { Finding } from '../../../findings/finding.ts'
import { counted } from '../../../report/counted.ts'
import type { Auth0Provider } from '../config/auth0-config.ts'
import type { EntraSeen, ProviderSeen } from './seen.ts'

/** The strategy of connections to Microsoft Entra, which once was Azure Active Directory. */
export const ENTRA = 'waad'

/** The claim with the object id, the same for every application. */
const OBJECT_ID = 'oid'

/** What leads to a connection. */
interface Leading extends Pick<Auth0Provider, 'link'> {
  readonly count: number
  readonly samples: readonly string[]
}

/**
 * Whether a connection of Microsoft Entra knows people by the ids that Synapse has of them, as far as its settings tell. Inbound SCIM
 * makes people of those alone that go by the object id.
 */
export const checkEntra = (
  { name, entra }: Pick<ProviderSeen, 'name' | 'entra'>,
  { link, ...of }: Leading,
): readonly Finding[] => {
  if (entra === undefined) return []
  const inWay = scimIsKeptOff(entra)
  if (link === 'scim' && inWay !== undefined) {
    return [
      finding('AUTH0_PROVIDER_ENTRA_SCIM', {
        message: `${counted(of.count, 'user', 'users')} of the connection ${name} are to be made by inbound SCIM, and it ${inWay}.`,
        ...of,
        remedy: [
          `Where nobody has come by it yet: Authentication, Enterprise, Microsoft Azure AD, ${name}, Settings: User ID Attribute Type: User Object Identifier (oid); Use Common Endpoint: off.`,
          'Where people come by it already, that gives each of them another user_id.',
          `Or \`link: action\` at the connection ${name} in auth0.yaml.`,
        ],
      }),
    ]
  }
  const goesByObjectId = entra.userIdAttribute === OBJECT_ID
  return [
    finding('AUTH0_PROVIDER_ENTRA_SUBJECT', {
      message: `The connection ${name} knows people of Microsoft Entra by ${goesByObjectId ? 'their object id' : `their ${entra.userIdAttribute ?? 'sub'}`}: ${counted(of.count, 'link fits', 'links fit')} only where ${goesByObjectId ? 'Synapse has their object ids, and it has another id unless it was told to' : 'it has the same client at Entra as Synapse, since each gets other ones'}.`,
      ...of,
      remedy: [
        "Look at some external_id in Synapse's table user_external_ids: an object id is 32 hexadecimal digits in five groups (`subject_claim: oid` in homeserver.yaml); a `sub` is not.",
        goesByObjectId
          ? 'Where they are no object ids: `link: leave`, or a connection that goes by sub, with the client that Synapse has, and `link: action`.'
          : 'Where they are object ids: have the connection go by the User Object Identifier (oid).',
        'Where it fits, which one person who logs in shows: accept this finding.',
      ],
    }),
  ]
}

/** What of a connection stands in the way of inbound SCIM, such as `goes by …`; undefined: nothing. */
export const scimIsKeptOff = ({ userIdAttribute, isCommon }: EntraSeen): string | undefined => {
  if (userIdAttribute === undefined) return 'does not say that it goes by the object id (oid)'
  if (userIdAttribute !== OBJECT_ID) return `goes by ${userIdAttribute} and not by the object id (oid)`
  return isCommon ? 'has the common endpoint, for people of every organization' : undefined
}
