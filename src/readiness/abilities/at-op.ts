import { wellKnownOp } from '../metadata/oauth-signs.ts'
import { memberOf, objectOf } from '../metadata/reading.ts'
import { inTheApp } from './at-homeserver.ts'
import type { Ground } from './ground.ts'
import { because, named, no, type Outcome, told, unknown, yes } from './outcome.ts'

/** On the OP's own page, which apps open without looking whether people can make accounts there. */
export const signUpAtOp = ({ failed, passed }: Ground): Outcome => {
  const probe = failed('SIGN_UP')
  if (probe !== undefined) {
    return unknown(told(probe, 'the app opens the OP’s page, and whether that makes new accounts is seen there alone'))
  }
  return passed('SIGN_UP') ? yes('by the OP') : unknown(because('whether the OP makes new accounts was not asked'))
}

/** By the link that the metadata has. `hidden` is what the app does where it has none. */
export const accountPageFromMetadata = ({ metadata, failed, passed }: Ground, hidden: string): Outcome => {
  if (typeof memberOf(metadata, 'account_management_uri') !== 'string') {
    return no(named(failed('ACCOUNT_PAGE'), `the metadata has no account_management_uri: ${hidden}`))
  }
  const page = failed('ACCOUNT_PAGE')
  if (page !== undefined) return no(told(page, 'the OP’s account page does not open'))
  return yes('on the OP’s page', passed('ACCOUNT_PAGE') ? [] : [because('the OP’s account page was not opened')])
}

/** Element iOS Classic, and FluffyChat for devices, find the OP's account page in .well-known and nowhere else. */
export const accountPageFromWellKnown = (ground: Ground): Outcome => {
  const inApp = inTheApp(ground)
  if (inApp.can === 'yes') return inApp
  if (ground.evidence.asked.wellKnownClient === undefined) {
    return unknown(
      because('the account page is found by .well-known, which was not asked: --server-name NAME'),
      ...(inApp.can === 'no' ? [] : inApp.because),
    )
  }
  if (wellKnownAccount(ground) === undefined) {
    const words =
      'the app finds the OP’s account page by org.matrix.msc2965.authentication in .well-known, which does not have it'
    const reason = named(ground.failed('WELL_KNOWN_OP'), words)
    return inApp.can === 'no' ? no(reason) : unknown(reason, ...inApp.because)
  }
  const page = ground.failed('ACCOUNT_PAGE')
  return page === undefined ? yes('on the OP’s page') : no(told(page, 'the OP’s account page does not open'))
}

const wellKnownAccount = ({ evidence }: Ground): string | undefined => {
  const account = memberOf(objectOf(wellKnownOp(evidence)), 'account')
  return typeof account === 'string' ? account : undefined
}
