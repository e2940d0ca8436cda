import type { HomeserverConfig } from '../../../synapse/homeserver.ts'
import type { Masker } from '../mask/masker.ts'
import { maskedNamespace } from './masked-namespace.ts'

/** A file of the sample, by its name there. */
export interface NamedText {
  readonly name: string
  readonly text: string
}

/** The registration of each application service, as far as syn2op looks at it; the tokens are made up. */
export const maskedRegistrations = async (
  { applicationServices, serverName }: Pick<HomeserverConfig, 'applicationServices' | 'serverName'>,
  { appservices, localparts, servers }: Pick<Masker, 'appservices' | 'localparts' | 'servers'>,
): Promise<readonly NamedText[]> => {
  const { stringify } = await import('yaml')
  return applicationServices.map(({ id, sender, users, msc4190 }, index) => ({
    name: `appservice-${index + 1}.yaml`,
    text: stringify({
      'id': appservices.of(id),
      'url': null,
      'as_token': `made-up-as-${index + 1}`,
      'hs_token': `made-up-hs-${index + 1}`,
      'sender_localpart': localparts.of(sender),
      ...(msc4190 ? { 'io.element.msc4190': true } : {}),
      'namespaces': {
        users: users.map(({ regex, exclusive }) => ({
          regex: maskedNamespace(regex, { localparts, servers }, serverName),
          exclusive,
        })),
      },
    }),
  }))
}
