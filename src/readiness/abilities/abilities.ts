import {
  READINESS_DEEDS,
  type ReadinessAbility,
  type ReadinessDeed,
  type ReadinessProbe,
} from '../../report/readiness-document.ts'
import type { Evidence } from '../evidence.ts'
import { CLIENTS, type ClientId } from '../probes/probe.ts'
import { withoutTooOften } from '../too-often.ts'
import { type Ground, groundOf } from './ground.ts'
import { aware, legacyPassword, legacySso } from './legacy.ts'
import { native } from './native.ts'
import type { Outcome } from './outcome.ts'
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
  const ground = groundOf(withoutTooOften(evidence), probes)
  return (Object.keys(CLIENTS) as readonly ClientId[]).flatMap((client) =>
    READINESS_DEEDS.map((deed) => ({ client, kind: CLIENTS[client].kind, deed, ...outcomeOf(ground, client, deed) })),
  )
}

const outcomeOf = (ground: Ground, client: ClientId, deed: ReadinessDeed): Outcome => {
  const outcome = RULES[client](ground, deed)
  if (outcome.can === 'never') return outcome
  const nowhere = unreached(ground)
  if (nowhere !== undefined) return nowhere
  // Sessions are ended at the OP, which the homeserver does not have to reach.
  const shut = deed === 'log out' ? undefined : tokensUnchecked(ground)
  return unversioned(ground, client, deed) ?? shut ?? unfound(ground, client, deed) ?? outcome
}
