import {
  READINESS_DEEDS,
  type ReadinessAbility,
  type ReadinessDeed,
  type ReadinessProbe,
} from '../../report/readiness-document.ts'
import type { Evidence } from '../evidence.ts'
import { isOtherOp } from '../metadata/accepted.ts'
import { OTHER_OP, ofTheHomeserver } from '../other-op.ts'
import { CLIENTS, type ClientId, isOfOp, type ProbeCode } from '../probes/probe.ts'
import { withoutTooOften } from '../too-often.ts'
import { type Ground, groundOf } from './ground.ts'
import { aware, legacyPassword, legacySso } from './legacy.ts'
import { native } from './native.ts'
import { because, type Outcome, unknown } from './outcome.ts'
import { tokensUnchecked, unfound, unreached, unversioned } from './reached.ts'

type Rules = (ground: Ground, deed: ReadinessDeed) => Outcome

const RULES: Readonly<Record<ClientId, Rules>> = {
  'element-x': native('element-x'),
  'element-web': native('element-web'),
  'fluffychat': native('fluffychat'),
  'aware': aware,
  'legacy-password': legacyPassword,
  'legacy-sso': legacySso,
}

/**
 * What people can do with which client, from what was asked and what the probes say of it. A yes may name what was not tried; a
 * no names the probe that tells why, where one does.
 */
export const abilitiesOf = (evidence: Evidence, probes: readonly ReadinessProbe[]): readonly ReadinessAbility[] => {
  const told = withoutTooOften(evidence)
  const ground = groundOf(ofTheHomeserver(told), probes)
  const rules = isOtherOp(told) ? withoutOp : asItIs
  return (Object.keys(CLIENTS) as readonly ClientId[]).flatMap((client) =>
    READINESS_DEEDS.map((deed) => ({
      client,
      kind: CLIENTS[client].kind,
      deed,
      ...outcomeOf(ground, client, deed, rules(RULES[client])),
    })),
  )
}

const asItIs = (rules: Rules): Rules => rules

/** Of a homeserver whose own OP was not asked: what hangs on that, and is not shut elsewhere, nobody knows. */
const withoutOp =
  (rules: Rules): Rules =>
  (ground, deed) => {
    let hangs = false
    const isTold = (code: ProbeCode): boolean => {
      hangs ||= isOfOp(code)
      return !isOfOp(code)
    }
    const outcome = rules(
      {
        ...ground,
        failed: (...codes) => ground.failed(...codes.filter(isTold)),
        passed: (code) => isTold(code) && ground.passed(code),
      },
      deed,
    )
    return hangs && (outcome.can === 'yes' || outcome.can === 'unknown') ? unknown(because(OTHER_OP)) : outcome
  }

const outcomeOf = (ground: Ground, client: ClientId, deed: ReadinessDeed, rules: Rules): Outcome => {
  const outcome = rules(ground, deed)
  if (outcome.can === 'never') return outcome
  const nowhere = unreached(ground)
  if (nowhere !== undefined) return nowhere
  // Sessions are ended at the OP, which the homeserver does not have to reach.
  const shut = deed === 'log out' ? undefined : tokensUnchecked(ground)
  return unversioned(ground, client, deed) ?? shut ?? unfound(ground, client, deed) ?? outcome
}
