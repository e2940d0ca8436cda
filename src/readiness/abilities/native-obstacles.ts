import type { ReadinessProbe } from '../../report/readiness-document.ts'
import { NATIVE_NAMES, type NativeClient } from '../metadata/field-rules.ts'
import type { ProbeCode } from '../probes/probe.ts'
import type { Ground } from './ground.ts'
import { type Because, because, told } from './outcome.ts'
import { SYMPTOMS } from './symptoms.ts'

/** A failure that stands in the way of a client, and what people see of it. */
interface Obstacle {
  readonly code: ProbeCode
  readonly words: string
  /** Only where one of these fields is at fault; a failure that names no field is of all. */
  readonly fields?: readonly string[]
  /** Where a failure that is good to know is in the way too. */
  readonly info?: 'counts'
}

/** Registered anew at each login. */
const REGISTRATION: Readonly<Record<NativeClient, ProbeCode>> = {
  'element-x': 'REGISTRATION_NATIVE',
  'element-web': 'REGISTRATION',
  'fluffychat': 'REGISTRATION_NATIVE',
}

/** Element Web asks for the scopes of the specification since matrix-js-sdk 42. */
const SCOPE: Readonly<Record<NativeClient, ProbeCode>> = {
  'element-x': 'SCOPE_UNSTABLE',
  'element-web': 'SCOPE_STABLE',
  'fluffychat': 'SCOPE_UNSTABLE',
}

const SHOWN: Readonly<Record<NativeClient, string>> = {
  'element-x': SYMPTOMS.sorry,
  'element-web': SYMPTOMS.notLoggedIn,
  'fluffychat': SYMPTOMS.fluffychatOops,
}

const REGISTRATION_SHOWN: Readonly<Record<NativeClient, string>> = {
  'element-x': SYMPTOMS.elementXRegistration,
  'element-web': 'what /login offers, as if there were no OAuth',
  'fluffychat': SYMPTOMS.fluffychatOops,
}

/** What keeps a client from registering at the OP. */
export const registrationObstacle = (client: NativeClient, ground: Ground): Because | undefined =>
  first(client, ground, [
    {
      code: 'OP_ROUTES',
      fields: ['registration_endpoint'],
      words: `the OP registers nobody; ${NATIVE_NAMES[client]} shows ${REGISTRATION_SHOWN[client]}`,
    },
    ...ofBrowsers(
      client,
      ['registration_endpoint'],
      `the OP lets no web app register; Element Web shows ${REGISTRATION_SHOWN[client]}`,
    ),
    {
      code: REGISTRATION[client],
      words: `the OP does not register it; ${NATIVE_NAMES[client]} shows ${REGISTRATION_SHOWN[client]}`,
    },
  ])

/** What keeps people from coming back from the OP with an access token. */
export const loginObstacle = (client: NativeClient, ground: Ground): Because | undefined =>
  first(client, ground, [
    {
      code: 'OP_ROUTES',
      fields: ['authorization_endpoint', 'token_endpoint'],
      words: `the OP’s login does not answer as it has to; ${NATIVE_NAMES[client]} shows ${SHOWN[client]}`,
    },
    ...ofBrowsers(
      client,
      ['token_endpoint'],
      `the OP’s answers may not be read by a web app; Element Web shows ${SHOWN[client]}`,
    ),
    {
      code: SCOPE[client],
      fields: ['authorization_endpoint'],
      words: `the OP does not take the login as ${NATIVE_NAMES[client]} asks for it; ${NATIVE_NAMES[client]} shows ${SHOWN[client]}`,
    },
    {
      code: SCOPE[client],
      words: `the OP refuses the scopes that ${NATIVE_NAMES[client]} asks for: people see ${SYMPTOMS.invalidScope}`,
    },
  ])

/** What keeps the OP from ending a session. */
export const logoutObstacle = (client: NativeClient, ground: Ground): Because | undefined =>
  first(client, ground, [
    { code: 'OP_ROUTES', fields: ['revocation_endpoint'], words: STILL_THERE },
    ...ofBrowsers(client, ['revocation_endpoint'], STILL_THERE),
  ])

export const STILL_THERE = 'the app forgets the session, which stays in the list of devices and goes on'

export const qrObstacle = (client: NativeClient, ground: Ground): Because | undefined =>
  first(client, ground, [
    { code: 'QR_GRANT', words: `people see ${SYMPTOMS.noQr}` },
    { code: 'QR_RENDEZVOUS', info: 'counts', words: `people see ${SYMPTOMS.noQr}` },
    { code: 'QR_DEVICE', words: 'the code is scanned, and then the OP refuses the new device' },
    ...ofBrowsers(client, ['device_authorization_endpoint'], 'the OP’s answers may not be read by a web app'),
  ])

/** What was not tried of a login that nothing speaks against. */
export const untried = (client: NativeClient, { passed }: Ground): readonly Because[] =>
  passed(REGISTRATION[client]) ? [] : [because('registration at the OP was not tried: --register')]

/** Element Web alone lives in a browser; the desktop app is its page with the same rules. */
const ofBrowsers = (client: NativeClient, fields: readonly string[], words: string): readonly Obstacle[] =>
  client === 'element-web' ? [{ code: 'OP_CORS', fields, words }] : []

const first = (client: NativeClient, { failed }: Ground, obstacles: readonly Obstacle[]): Because | undefined => {
  const [found] = obstacles.flatMap(({ code, words, fields, info }) => {
    const probe = failed(code)
    // Most of what is good to know, such as 200 in place of 201, is in nobody's way.
    if (probe === undefined || (probe.level === 'info' && info === undefined)) return []
    return isHit(probe, client, fields) ? [told(probe, words)] : []
  })
  return found
}

/** A failure without faults is everybody's; a fault that breaks no client by name is too. */
const isHit = (
  { faults = [] }: ReadinessProbe,
  client: NativeClient,
  fields: readonly string[] | undefined,
): boolean => {
  const breaks = faults.filter((fault) => fault.breaks.length === 0 || fault.breaks.includes(client))
  if (faults.length === 0) return true
  return breaks.some(({ field }) => fields === undefined || fields.includes(field))
}
