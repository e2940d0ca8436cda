import type { ReadinessDeed } from '../../report/readiness-document.ts'
import type { QuestionName } from '../evidence.ts'
import { homeserverSilence } from '../probes/one-cause.ts'
import type { ClientId } from '../probes/probe.ts'
import type { Ground } from './ground.ts'
import { because, no, type Outcome, told, unknown } from './outcome.ts'
import { SYMPTOMS } from './symptoms.ts'

/** What every homeserver answers, in whatever state. */
const ALWAYS_ANSWERED: readonly QuestionName[] = ['versions', 'metadataStable', 'login', 'whoami']

/** What stands in the way of every deed with every client; undefined where the homeserver answers. */
export const unreached = (ground: Ground): Outcome | undefined => {
  const { evidence, failed } = ground
  const asked = ALWAYS_ANSWERED.flatMap((name) => evidence.asked[name] ?? [])
  if (asked.some(({ answer }) => answer !== undefined) && homeserverSilence(evidence) === undefined) return undefined
  const wellKnown = failed('WELL_KNOWN')
  if (asked.length === 0 && wellKnown === undefined) {
    return unknown(because('no homeserver was asked'))
  }
  if (asked.length === 0) return no(told(wellKnown, 'apps do not find out where the homeserver is'))
  return no(
    told(
      failed('VERSIONS', 'WELL_KNOWN'),
      `the homeserver does not answer; Element X shows ${SYMPTOMS.elementXUnreachable}, Element Web ${SYMPTOMS.unreachableWeb}`,
    ),
  )
}

/** What keeps a client from everything but the end of a session: every one reads /versions first, and goes no further without it. */
export const unversioned = ({ failed }: Ground, client: ClientId, deed: ReadinessDeed): Outcome | undefined => {
  const probe = failed('VERSIONS')
  if (probe?.level !== 'error' || deed === 'log out') return undefined
  const faults = probe.faults ?? []
  if (faults.length > 0 && !faults.some(({ breaks }) => breaks.includes(client))) return undefined
  return no(
    told(probe, `${UNVERSIONED[client] ?? 'the app'} cannot read /_matrix/client/versions, and gets no further`),
  )
}

const UNVERSIONED: Readonly<Partial<Record<ClientId, string>>> = {
  'element-x': `Element X shows ${SYMPTOMS.elementXUnreachable}: it`,
  'element-web': `Element Web shows ${SYMPTOMS.unreachableWeb}: it`,
}

/** What keeps people from coming to a homeserver that answers: its name leads nowhere. Whoever is logged in knows the way. */
export const unfound = ({ failed }: Ground, client: ClientId, deed: ReadinessDeed): Outcome | undefined => {
  const probe = failed('WELL_KNOWN')
  if (probe?.level !== 'error' || (deed !== 'log in' && deed !== 'sign up')) return undefined
  const faults = probe.faults ?? []
  if (faults.length > 0 && !faults.some(({ breaks }) => breaks.includes(client))) return undefined
  const shown =
    client === 'element-x' ? `Element X shows ${SYMPTOMS.elementXUnreachable} or ${SYMPTOMS.wellKnown}; ` : ''
  return no(told(probe, `${shown}people who type the server name get no further`))
}

/**
 * What keeps people out of every app, however they logged in: the homeserver cannot tell whose an access token is. A token that
 * nobody has and that is taken is another thing, and keeps nobody out.
 */
export const tokensUnchecked = (ground: Ground): Outcome | undefined => {
  const probe = ground.failed('TOKENS_CHECKED')
  const status = ground.evidence.asked.whoami?.answer?.status
  if (probe?.level !== 'error' || (status !== undefined && status < 300)) return undefined
  return no(
    told(
      probe,
      'the homeserver does not tell whose an access token is: whoever logs in is shown an error, and whoever is logged in gets no further',
    ),
  )
}
