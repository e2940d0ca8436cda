import type { ReadinessDeed } from '../../report/readiness-document.ts'
import { inTheApp, legacyLogin, legacyLogout, legacySignUp, passwordLogin } from './at-homeserver.ts'
import { accountPageFromWellKnown, signUpAtOp } from './at-op.ts'
import type { Ground } from './ground.ts'
import { because, never, type Outcome, told, unknown, yes } from './outcome.ts'

type OtherDeed = Exclude<ReadinessDeed, 'log in' | 'sign up'>

const NO_WAY = 'the homeserver offers no SSO and no password, and this app has no other way'

/** Apps and bots that know a password and /login, and nothing of OAuth. */
export const legacyPassword = (ground: Ground, deed: ReadinessDeed): Outcome => {
  if (deed === 'log in') {
    return passwordLogin(ground, 'the homeserver offers no login by password, and this app has no other way')
  }
  return deed === 'sign up' ? legacySignUp(ground) : anyLegacy(ground, deed)
}

/** Apps that open a page of SSO, and know nothing of OAuth. */
export const legacySso = (ground: Ground, deed: ReadinessDeed): Outcome => {
  if (deed === 'log in') return legacyLogin(ground, 'sso', NO_WAY)
  if (deed === 'sign up') return ground.login.sso ? ssoSignUp(ground) : ownSignUp(ground)
  return anyLegacy(ground, deed)
}

/** Element Classic and others that know that an OP has the accounts, and log in by the homeserver's SSO all the same. */
export const aware = (ground: Ground, deed: ReadinessDeed): Outcome => {
  if (deed === 'log in') return awareLogin(ground)
  if (deed === 'sign up') return ground.login.aware ? ssoSignUp(ground) : ownSignUp(ground)
  const hasPage = ground.metadata !== undefined && (deed === 'manage account' || deed === 'manage devices')
  return hasPage ? accountPageFromWellKnown(ground) : anyLegacy(ground, deed)
}

const awareLogin = (ground: Ground): Outcome => {
  const { login, failed, metadata } = ground
  if (!login.sso) return legacyLogin(ground, 'sso', NO_WAY)
  if (login.aware) return yes('by the OP, over SSO')
  if (metadata === undefined) return yes('by SSO')
  const words = 'the app does not know that the SSO is the OP, and may offer a password form beside it'
  return yes('by SSO', [told(failed('OAUTH_AWARE'), words)])
}

const anyLegacy = (ground: Ground, deed: OtherDeed): Outcome => {
  switch (deed) {
    case 'log out':
      return legacyLogout(ground)
    case 'manage account':
    case 'manage devices':
      return inTheApp(ground)
    case 'log in by QR':
      return never('this app has no login by QR code')
  }
}

/** Of apps that would rather go the way of SSO, which /login tells. */
const ownSignUp = (ground: Ground): Outcome => {
  const outcome = legacySignUp(ground)
  return ground.login.state === 'not asked' && outcome.can === 'no'
    ? unknown(because('whether the homeserver offers SSO was not told: /_matrix/client/v3/login was not asked'))
    : outcome
}

/** On the page to which SSO leads. */
const ssoSignUp = (ground: Ground): Outcome =>
  ground.metadata === undefined
    ? unknown(because('whether people without an account get one by SSO is decided by its provider'))
    : signUpAtOp(ground)
