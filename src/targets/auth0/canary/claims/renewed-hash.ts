import { isPasswordUntouched } from '../../accounts/plan-password.ts'
import { deleteUser, userById } from '../../api/users-api.ts'
import { type Claim, confirmed, notAsked, refuted } from '../claim.ts'
import { inWords, isAbout } from '../refusals.ts'
import { NO_APPLICATION } from './logging-in.ts'

/** Auth0's page on the import schema says so; an article of its support says that an import can never do it. */
export const RENEWED_HASH: Claim = {
  id: 'upsert.renews-a-hash',
  says: 'Whoever was imported with a hash, and has not logged in, gets another by an import with `upsert`: the new password lets them in, the old one does not, and it does not count as reset.',
  otherwise:
    'What people change of their password at Synapse after they were moved does not arrive: keep them from changing it, or tell them to reset it at Auth0.',
  ask: async (probing) => {
    const { api, config, probes, refusalOf, login, importAgain, signal } = probing
    const { peppered } = probes
    const id = `auth0|${peppered.userId}`
    if ((await refusalOf(peppered)) !== undefined) return notAsked('its user was not imported')
    if (config.application === undefined) return notAsked(NO_APPLICATION)
    // It has logged in by now: only of one who has not can the hash be replaced.
    await deleteUser(api, id, signal)
    const again = await importAgain(peppered)
    if (again !== undefined) return notAsked(`deleted, it was not imported again (${inWords(again)})`)
    const refusal = await importAgain(peppered.renewed, 'upsert')
    if (refusal !== undefined) {
      const said = `the row was refused (${inWords(refusal)})`
      return isAbout(refusal, 'password') ? refuted(said) : notAsked(said)
    }
    const user = await userById(api, id, signal)
    if (user === undefined) return refuted('the user is not there any more')
    if (!isPasswordUntouched(user)) return refuted('the password counts as reset, as if its owner had done it')
    const old = await login({ username: peppered.email, password: peppered.password })
    if (old?.kind === 'granted') return refuted('the old password still lets in')
    const renewed = await login({ username: peppered.email, password: peppered.renewed.password })
    if (renewed?.kind === 'granted') return confirmed('the new password lets in, the old one is refused')
    const said = `the new password was refused (${renewed?.error}: ${renewed?.words})`
    return renewed?.error === 'invalid_grant' ? refuted(said) : notAsked(said)
  },
}
