import { encodedPath } from '../../../http/encoded-path.ts'
import { connectionByName, type PresentConnection } from '../../api/connections-api.ts'
import { linkIdentity } from '../../api/identities-api.ts'
import { createScimToken, createScimUser, deleteScimToken, scimConfiguration } from '../../api/scim-api.ts'
import { userById } from '../../api/users-api.ts'
import { type Claim, confirmed, notAsked, refuted } from '../claim.ts'
import type { Probing } from '../probing.ts'

/** The shortest that Auth0 lets a token live. Milliseconds. */
const TOKEN_MS = 900_000

/** Nobody can log in through somebody's identity provider for a trial: that is left to a person. */
export const PROVISIONED_BY_SCIM: Claim = {
  id: 'scim.provisioned-and-linked',
  says: 'A user whom SCIM makes has the user_id that its subject would have at a login, and takes a database user as a second identity.',
  otherwise: 'Take `link: action`: whom SCIM makes would not be who logs in, or not be linked.',
  ask: async (probing) => {
    const { api, probes, signal, undoLater } = probing
    const connection = await withScim(probing)
    if (connection === undefined) return notAsked('no connection of `identity_providers` has inbound SCIM')
    if ((await probing.refusalOf(probes.longPeppered)) !== undefined) return notAsked('its user was not imported')
    const made = await createScimToken(api, connection.id, TOKEN_MS, signal)
    if (made.kind !== 'made') return notAsked(`no token for SCIM (${made.status}: ${made.words})`)
    const { id: tokenId, token } = made.made
    undoLater(async (stop) => void (await deleteScimToken(api, connection.id, tokenId, stop)))

    const subject = `syn2op-canary-${probes.tag}`
    const expected = `${connection.strategy}|${connection.name}|${subject}`
    undoLater(async (stop) => {
      await api.send({ method: 'DELETE', path: encodedPath`users/${expected}`, signal: stop })
    })
    const user = { userName: subject, externalId: subject, active: true }
    const provisioned = await createScimUser(api, { connectionId: connection.id, token }, user, signal)
    if (provisioned.kind !== 'made') return notAsked(`SCIM made nobody (${provisioned.status}: ${provisioned.words})`)
    const { id } = provisioned.made
    if (id !== expected) {
      undoLater(
        async (stop) => void (await api.send({ method: 'DELETE', path: encodedPath`users/${id}`, signal: stop })),
      )
      return refuted('the user has another user_id')
    }
    const second = { provider: 'auth0', userId: probes.longPeppered.userId }
    const linked = await linkIdentity(api, id, second, signal)
    if (linked.kind !== 'done') {
      return refuted(`linking was refused${linked.kind === 'missing' ? '' : ` (${linked.status}: ${linked.words})`}`)
    }
    const primary = await userById(api, id, signal)
    return primary?.identities.length === 2
      ? confirmed('made under the expected user_id, and linked')
      : refuted('linked, but not one user with two identities')
  },
}

const withScim = async ({ api, config, signal }: Probing): Promise<PresentConnection | undefined> => {
  for (const { id } of config.providers) {
    const connection = await connectionByName(api, id, signal)
    if (connection === undefined) continue
    if ((await scimConfiguration(api, connection.id, signal)) !== undefined) return connection
  }
  return undefined
}
