import { userById } from '../../api/users-api.ts'
import { type Claim, confirmed, notAsked, refuted } from '../claim.ts'
import { inWords } from '../probing.ts'

export const UPSERT_WITHOUT_EMAIL: Claim = {
  id: 'upsert.matches-by-email',
  says: 'An import with upsert changes nobody who has no e-mail address, though user_id and username are theirs.',
  otherwise: 'No harm: syn2op never upserts.',
  ask: async (probing) => {
    const { api, connection, probes, signal } = probing
    if (!connection.rules.takesUsernames) return notAsked('the connection takes no usernames')
    const { userId, row } = probes.withoutEmail
    if ((await probing.refusalOf(probes.withoutEmail)) !== undefined) return notAsked('its user was not imported')
    const ended = await probing.import({ file: JSON.stringify([{ ...row, given_name: 'after' }]), upsert: true })
    if (ended.kind !== 'ended') return notAsked(`the import was refused (${ended.status}: ${ended.words})`)
    const user = await userById(api, `auth0|${userId}`, signal)
    const errors = ended.errors.get(userId)
    const said = errors === undefined ? 'the job names no error' : inWords(errors)
    return user?.names.given_name === 'after' ? refuted('the user was changed') : confirmed(`left as it was (${said})`)
  },
}
