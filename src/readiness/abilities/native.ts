import type { ReadinessDeed, ReadinessProbe } from '../../report/readiness-document.ts'
import { unreadable } from '../http/web-reader.ts'
import type { NativeClient } from '../metadata/field-rules.ts'
import { keepsTokens } from '../probes/homeserver-cors.ts'
import { inTheApp, legacyLogin, legacyLogout, legacySignUp, passwordLogin } from './at-homeserver.ts'
import { accountPageFromMetadata, accountPageFromWellKnown, signUpAtOp } from './at-op.ts'
import type { Ground } from './ground.ts'
import {
  loginObstacle,
  logoutObstacle,
  qrObstacle,
  registrationObstacle,
  STILL_THERE,
  untried,
} from './native-obstacles.ts'
import { type NativeWay, nativeWay } from './native-way.ts'
import { type Because, because, never, no, type Outcome, told, unknown, yes } from './outcome.ts'
import { SYMPTOMS } from './symptoms.ts'

/** Apps that log in by OAuth where the homeserver has it, each with its own way where it has not. */
export const native =
  (client: NativeClient) =>
  (ground: Ground, deed: ReadinessDeed): Outcome => {
    if (client === 'fluffychat' && deed === 'log in by QR') return never('this app has no login by QR code')
    const hidden = client === 'element-web' ? hiddenFromBrowsers(ground) : undefined
    if (hidden !== undefined) return hidden
    const way = wayWithRegistration(client, ground)
    if (way.way === 'unknown') return unknown(way.why)
    return DEEDS[deed](client, ground, way)
  }

/** Element Web goes to /login as well where the OP does not register it; the others stay and show an error. */
const wayWithRegistration = (client: NativeClient, ground: Ground): NativeWay => {
  const way = nativeWay(client, ground)
  const why = way.way === 'op' ? registrationObstacle(client, ground) : undefined
  if (why === undefined) return way
  return client === 'element-web' ? { way: 'homeserver', why, quiet: false } : { way: 'closed', why }
}

type Rule = (client: NativeClient, ground: Ground, way: Exclude<NativeWay, { readonly way: 'unknown' }>) => Outcome

const logIn: Rule = (client, ground, way) => {
  if (way.way === 'closed') return no(way.why)
  if (way.way === 'op') {
    const obstacle = loginObstacle(client, ground)
    return obstacle === undefined ? yes('by the OP', untried(client, ground)) : no(obstacle)
  }
  return withoutOAuth(
    client === 'element-x'
      ? passwordLogin(ground, `Element X shows ${SYMPTOMS.elementXNoLogin}`)
      : legacyLogin(ground, 'password', NO_FLOWS[client]),
    way,
  )
}

const NO_FLOWS: Readonly<Record<'element-web' | 'fluffychat', string>> = {
  'element-web': `Element Web shows ${SYMPTOMS.noFlows}`,
  'fluffychat': 'FluffyChat finds no way to log in',
}

const signUp: Rule = (client, ground, way) => {
  if (client === 'element-x' && way.way !== 'op') {
    return no(because(`Element X shows ${SYMPTOMS.elementXSignUp}`), way.why)
  }
  if (way.way === 'closed') return no(way.why)
  if (way.way === 'homeserver') {
    return client === 'element-web'
      ? withoutOAuth(legacySignUp(ground), way)
      : unknown(because('whether it makes accounts without OAuth is not known to syn2op'), way.why)
  }
  const obstacle = loginObstacle(client, ground)
  if (obstacle !== undefined) return no(obstacle)
  const create = client === 'element-web' ? ground.failed('SIGN_UP') : undefined
  if (create !== undefined)
    return withReason(legacySignUp(ground), told(create, 'Element Web does not go to the OP to make accounts'))
  return signUpAtOp(ground)
}

const logOut: Rule = (client, ground, way) => {
  if (way.way === 'homeserver') return legacyLogout(ground)
  if (way.way === 'closed') return no(way.why)
  const obstacle = logoutObstacle(client, ground)
  if (obstacle !== undefined) return no(obstacle)
  const revocation = ground.failed('REVOCATION')
  if (revocation !== undefined && revocation.level !== 'info') return unrevoked(ground, revocation)
  return yes(
    'by the OP',
    ground.passed('REVOCATION') ? [] : [because('whether the OP ends a session was not tried: --register')],
  )
}

/** Refused as a bad request, a token that nobody has tells little of one that somebody has; every other refusal is of both. */
const unrevoked = ({ evidence }: Ground, probe: ReadinessProbe): Outcome =>
  evidence.asked.revokeRegistered?.answer?.status === 400
    ? unknown(
        told(probe, 'the OP refuses to end a session that is not there; whether it ends one that is, --walk tells'),
      )
    : no(told(probe, STILL_THERE))

const HIDDEN: Readonly<Record<NativeClient, string>> = {
  'element-x': 'Element X has no entry for it in its menu',
  'element-web': 'Element Web shows no link to it',
  'fluffychat': 'FluffyChat shows no link to it',
}

const ON_OP_PAGE = 'accounts and devices are on the OP’s page alone'

const manageAccount: Rule = (client, ground, way) => {
  if (way.way === 'op') return accountPageFromMetadata(ground, HIDDEN[client])
  if (client === 'element-x') return no(because(ON_OP_PAGE), way.why)
  return withoutOAuth(inTheApp(ground), way)
}

const manageDevices: Rule = (client, ground, way) => {
  if (client === 'fluffychat') return accountPageFromWellKnown(ground)
  if (way.way !== 'op') {
    if (client === 'element-x') return no(because(ON_OP_PAGE), way.why)
    return withoutOAuth(inTheApp(ground), way)
  }
  const page = accountPageFromMetadata(ground, HIDDEN[client])
  const actions = ground.failed('ACCOUNT_ACTIONS')
  if (page.can !== 'yes' || actions === undefined || actions.level === 'info') return page
  return { ...page, because: [...page.because, told(actions, 'the page may open at its start, not at the device')] }
}

const logInByQr: Rule = (client, ground, way) => {
  if (way.way !== 'op')
    return no(because(`only sessions of OAuth can let in another device: ${SYMPTOMS.noQr}`), way.why)
  const obstacle = loginObstacle(client, ground) ?? qrObstacle(client, ground)
  if (obstacle !== undefined) return no(obstacle)
  if (!ground.passed('QR_RENDEZVOUS') || !ground.passed('QR_GRANT')) {
    return unknown(because('whether the homeserver and the OP have what a login by QR code needs was not asked'))
  }
  return yes(
    'by the OP',
    ground.passed('QR_DEVICE') ? [] : [because('whether the OP takes a new device was not tried: --register')],
  )
}

const DEEDS: Readonly<Record<ReadinessDeed, Rule>> = {
  'log in': logIn,
  'sign up': signUp,
  'log out': logOut,
  'manage account': manageAccount,
  'manage devices': manageDevices,
  'log in by QR': logInByQr,
}

/** What is done without OAuth says why there is none, where that is not as it should be. */
const withReason = (outcome: Outcome, why: Because): Outcome => ({ ...outcome, because: [...outcome.because, why] })

const withoutOAuth = (outcome: Outcome, way: Extract<NativeWay, { readonly way: 'homeserver' | 'closed' }>): Outcome =>
  way.way === 'homeserver' && way.quiet && outcome.can === 'yes' ? outcome : withReason(outcome, way.why)

/** What a browser keeps from a page it cannot log in with. */
const hiddenFromBrowsers = (ground: Ground): Outcome | undefined => {
  const { evidence, failed } = ground
  const probe = failed('HOMESERVER_CORS')
  const isHidden = [evidence.asked.versions, evidence.asked.login].some(
    (one) => one?.answer !== undefined && unreadable(one.answer, evidence.origin) !== undefined,
  )
  if (probe === undefined) return undefined
  if (isHidden) {
    return no(
      told(
        probe,
        `the browser keeps the homeserver’s answers from the page; Element Web shows ${SYMPTOMS.unreachableWeb}`,
      ),
    )
  }
  return keepsTokens(evidence) ? no(told(probe, 'the browser sends the homeserver no access token')) : undefined
}
