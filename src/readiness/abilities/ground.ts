import type { ReadinessProbe } from '../../report/readiness-document.ts'
import type { Evidence } from '../evidence.ts'
import { homeserverMetadata } from '../metadata/accepted.ts'
import { awareNames, delegation, loginFlows } from '../metadata/oauth-signs.ts'
import { type JsonObject, memberOf, objectOf } from '../metadata/reading.ts'
import { homeserverName } from '../probes/homeserver-saying.ts'
import { isForSilentOp } from '../probes/one-cause.ts'
import type { ProbeCode } from '../probes/probe.ts'
import { registers } from '../probes/registers.ts'

/** What the rules stand on: what was asked, what the probes say of it, and what both tell about the homeserver. */
export interface Ground {
  readonly evidence: Evidence
  /** Undefined where the probe passed or was not asked. */
  readonly failed: (...codes: readonly ProbeCode[]) => ReadinessProbe | undefined
  readonly passed: (code: ProbeCode) => boolean
  readonly login: LoginFlows
  /** The document by which the homeserver names its OP. */
  readonly metadata: JsonObject | undefined
  /** Whether passwords and devices of the homeserver's own can be managed in an app. */
  readonly ownAccounts: 'yes' | 'no' | 'unknown'
  /** Whether the homeserver makes accounts itself, by /register. */
  readonly registers: 'yes' | 'no' | 'unknown'
}

/** What /_matrix/client/v3/login offers. */
export interface LoginFlows {
  /** answered: with flows; refused: without any, such as 404; else nobody knows. */
  readonly state: 'answered' | 'refused' | 'silent' | 'not asked'
  readonly password: boolean
  readonly sso: boolean
  /** Whether the SSO is said to be the way for apps that know of OAuth. */
  readonly aware: boolean
}

export const groundOf = (evidence: Evidence, probes: readonly ReadinessProbe[]): Ground => {
  const byCode = new Map(probes.map((one) => [one.code, one]))
  return {
    evidence,
    failed: (...codes) => codes.map((code) => teller(byCode, code)).find((one) => one?.result === 'fail'),
    passed: (code) => byCode.get(code)?.result === 'pass',
    login: loginOf(evidence),
    metadata: homeserverMetadata(evidence)[0]?.document,
    ownAccounts: ownAccounts(evidence),
    registers: registers(evidence),
  }
}

/** Where the OP answers nothing, one probe tells it for all of the OP's. */
const teller = (byCode: ReadonlyMap<string, ReadinessProbe>, code: ProbeCode): ReadinessProbe | undefined => {
  const probe = byCode.get(code)
  return probe !== undefined && isForSilentOp(probe) ? byCode.get('OP_DISCOVERY') : probe
}

const loginOf = (evidence: Evidence): LoginFlows => {
  const none = { password: false, sso: false, aware: false }
  const exchange = evidence.asked.login
  if (exchange === undefined) return { state: 'not asked', ...none }
  if (exchange.answer === undefined) return { state: 'silent', ...none }
  const flows = loginFlows(evidence)
  if (flows === undefined) return { state: 'refused', ...none }
  const has = (type: string): boolean => flows.some((flow) => memberOf(flow, 'type') === type)
  return {
    state: 'answered',
    password: has('m.login.password'),
    sso: has('m.login.sso'),
    aware: awareNames(flows).length > 0,
  }
}

/** A homeserver with an OP of its own keeps its accounts; Synapse leaves them to MAS. A user's capabilities tell for sure. */
const ownAccounts = (evidence: Evidence): Ground['ownAccounts'] => {
  const answer = evidence.asked.capabilities?.answer
  const capabilities = objectOf(memberOf(objectOf(answer?.json), 'capabilities'))
  if (answer?.status === 200 && capabilities !== undefined) {
    // Matrix takes it for possible where nothing is said.
    return memberOf(objectOf(memberOf(capabilities, 'm.change_password')), 'enabled') === false ? 'no' : 'yes'
  }
  const delegated = delegation(evidence)
  if (delegated !== 'on') return delegated === 'off' ? 'yes' : 'unknown'
  return homeserverName(evidence) === 'Synapse' ? 'no' : 'unknown'
}
