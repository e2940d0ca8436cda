import type { ReadinessStep } from '../../report/readiness-document.ts'
import type { Exchange } from '../http/exchange.ts'
import type { WalkMetadata } from './metadata.ts'
import { refusalOf } from './oauth-errors.ts'
import type { WalkClient } from './registration.ts'
import { doubtOf, type Held, judgeTokens, keep, type Tokens, tokenQuestion, tokensIn } from './token.ts'
import { difference, failure, type Surroundings, stepOf, type Trouble } from './walk-step.ts'
import { whoamiQuestion } from './whoami.ts'

interface Session {
  readonly metadata: WalkMetadata
  readonly client: WalkClient
  readonly scope: string
  /** Absent where no homeserver takes tokens of this OP. */
  readonly homeserver?: string
  readonly held: Held
}

const refreshOnce = async (
  { askToEnd, secrets }: Surroundings,
  { metadata, client, held }: Session,
  refresh: string,
): Promise<Exchange> => {
  const form = { grant_type: 'refresh_token', refresh_token: refresh }
  const exchange = await askToEnd(tokenQuestion(metadata, client, form, [refresh]))
  keep(secrets, exchange)
  const renewed = tokensIn(exchange)
  if (renewed !== undefined) held.tokens = { refresh, ...renewed }
  Object.assign(held, doubtOf(exchange))
  return exchange
}

/** As a client refreshes whose access token ends: the new one has to work. */
export const refreshTokens = async (
  surroundings: Surroundings,
  session: Session,
  { step, tokens, refresh }: { readonly step: string; readonly tokens: Tokens; readonly refresh: string },
): Promise<ReadinessStep> => {
  const since = performance.now()
  const exchange = await refreshOnce(surroundings, session, refresh)
  const renewed = tokensIn(exchange)
  const exchanges = [exchange]
  const troubles: Trouble[] = [...judgeTokens(exchange, { scope: session.scope, refresh: 'again' })]
  if (renewed?.access === tokens.access) troubles.push(difference('The refresh gives the same access token again'))
  if (renewed?.refresh === refresh) {
    troubles.push(difference('The refresh gives the same refresh token again: Matrix wants it replaced each time'))
  }
  if (renewed !== undefined && session.homeserver !== undefined) {
    const whoami = await surroundings.ask(whoamiQuestion(session.homeserver, renewed.access))
    exchanges.push(whoami)
    if (whoami.answer?.status !== 200) {
      const said = whoami.answer === undefined ? whoami.failure.why : refusalOf(whoami.answer)
      troubles.push(failure(`The homeserver does not take the new access token: ${said}`))
    }
  }
  const taken = session.homeserver === undefined ? '' : ' that the homeserver takes'
  const seen = `A refresh gives a new access token${taken}, and a new refresh token`
  return stepOf(step, since, { exchanges, seen, troubles })
}

/**
 * As a client whose answer was lost on the way: it refreshes again with the token that it has. Nothing of the lost answer has
 * been used, or MAS takes it for theft.
 */
export const refreshAgain = async (
  surroundings: Surroundings,
  session: Session,
  { step, refresh }: { readonly step: string; readonly refresh: string },
): Promise<ReadinessStep> => {
  const since = performance.now()
  const lost = await refreshOnce(surroundings, session, refresh)
  const again = await refreshOnce(surroundings, session, refresh)
  return stepOf(step, since, {
    exchanges: [lost, again],
    seen: 'A client whose refreshed tokens got lost on the way may refresh once more with the token that it has',
    troubles: againTroubles(lost, again),
  })
}

const againTroubles = ({ answer: lost }: Exchange, { answer: again, failure: why }: Exchange): readonly Trouble[] => {
  if (lost === undefined || lost.status >= 400) {
    const said = lost === undefined ? 'it was not answered' : refusalOf(lost)
    return [failure(`The second refresh did not work: ${said}`)]
  }
  if (again === undefined) return [failure(`The third refresh was not answered: ${why.why}`)]
  if (again.status < 400) return []
  const words = `A client whose refreshed tokens got lost on the way is logged out: the same refresh token is refused, ${refusalOf(again)}`
  return [difference(words, 'Let the OP take the last refresh token again for a while, or until the new one is used.')]
}
