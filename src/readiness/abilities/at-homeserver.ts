import type { Ground } from './ground.ts'
import { because, named, no, type Outcome, told, unknown, yes } from './outcome.ts'
import { SYMPTOMS } from './symptoms.ts'

/** By the homeserver's own /login, or by the one of the OP's compatibility layer. `first` is what the app prefers. */
export const legacyLogin = (ground: Ground, first: 'password' | 'sso', none: string): Outcome => {
  const { login, failed } = ground
  if (login.state === 'not asked') return unknown(because('/_matrix/client/v3/login was not asked'))
  if (login.state !== 'answered') return no(told(failed('LOGIN_FLOWS'), none))
  const ways = first === 'password' ? (['password', 'sso'] as const) : (['sso', 'password'] as const)
  const way = ways.find((one) => login[one])
  return way === undefined ? no(told(failed('LOGIN_FLOWS', 'LEGACY_PASSWORD', 'LEGACY_SSO'), none)) : yes(BY[way])
}

/** By a password and nothing else. */
export const passwordLogin = (ground: Ground, none: string): Outcome => {
  const { login, failed } = ground
  if (login.state === 'not asked') return unknown(because('/_matrix/client/v3/login was not asked'))
  if (login.state === 'answered' && login.password) return yes(BY.password)
  return no(told(failed('LOGIN_FLOWS', 'LEGACY_PASSWORD'), none))
}

const BY = { password: 'by password', sso: 'by SSO' } as const

/** By /register, which a homeserver with an OP leaves to the OP. */
export const legacySignUp = ({ registers, failed }: Ground): Outcome => {
  if (registers === 'yes')
    return yes('in the app', [
      because('whether the homeserver asks for more than a name and a password, such as a token, was not tried'),
    ])
  if (registers === 'unknown')
    return unknown(because('whether the homeserver makes accounts by /register was not told'))
  return no(
    named(
      failed('LEGACY_SIGN_UP'),
      `the homeserver makes no accounts by /register; apps show ${SYMPTOMS.registrationDisabled}`,
    ),
  )
}

export const legacyLogout = ({ failed, passed, evidence }: Ground): Outcome => {
  const probe = failed('LEGACY_LOGOUT')
  if (probe !== undefined) return no(told(probe, 'the app forgets the session, which stays in the list of devices'))
  return passed('LEGACY_LOGOUT')
    ? yes('in the app')
    : unknown(because(`/_matrix/client/v3/logout was not asked: ${evidence.notAsked.logout ?? 'nothing asked it'}`))
}

/** The app's own forms for passwords, or for other devices. */
export const inTheApp = ({ ownAccounts, failed, evidence }: Ground): Outcome => {
  if (ownAccounts === 'yes') return yes('in the app')
  if (ownAccounts === 'no') {
    return no(
      told(
        failed('CAPABILITIES'),
        'the app’s own forms do not work: the OP has the accounts, and people open its account page in a browser',
      ),
    )
  }
  const how =
    evidence.asked.capabilities === undefined ? '--token-file FILE' : 'CAPABILITIES says why they are not known'
  return unknown(because(`whether the app’s own forms work beside OAuth, a user’s capabilities tell: ${how}`))
}
