import type { ReadinessStep } from '../../report/readiness-document.ts'
import type { Exchange } from '../http/exchange.ts'
import type { WalkMetadata } from './metadata.ts'
import { refusalOf } from './oauth-errors.ts'
import type { WalkClient } from './registration.ts'
import { revokeQuestion } from './revocation.ts'
import type { Tokens } from './token.ts'
import { difference, failure, type Surroundings, stepOf, type Trouble } from './walk-step.ts'

/** What is at the OP because of us. */
export interface Belongings {
  readonly metadata: WalkMetadata
  readonly client: WalkClient
  /** Of sessions that nobody ended yet. */
  readonly sessions: readonly Tokens[]
}

/** Ends every session, and takes our client away. Goes on after Ctrl-C. */
export const cleanUp = async (
  surroundings: Surroundings,
  { metadata, client, sessions }: Belongings,
): Promise<ReadinessStep> => {
  const since = performance.now()
  const exchanges: Exchange[] = []
  const troubles: Trouble[] = []
  for (const tokens of sessions) {
    const ended = await endSession(surroundings, { metadata, client }, tokens)
    exchanges.push(...ended)
    if (!ended.some(({ answer }) => (answer?.status ?? 500) < 300)) {
      const words = 'A session of the test account could not be ended'
      troubles.push(failure(words, 'Sign the device out, or end the session in the OP’s administration.'))
    }
  }
  const { removal } = client
  if (removal !== undefined) {
    const exchange = await surroundings.askToEnd({
      method: 'DELETE',
      url: removal.url,
      headers: { authorization: `Bearer ${removal.token}` },
      secrets: [removal.token],
    })
    exchanges.push(exchange)
    const { answer } = exchange
    if (answer === undefined || answer.status >= 300) {
      const said = answer === undefined ? exchange.failure.why : refusalOf(answer)
      const remedy = `Delete the client ${client.id} in the OP’s administration.`
      troubles.push(difference(`The client ${client.id} could not be deleted: ${said}`, remedy))
    }
  }
  return stepOf('clean-up', since, { exchanges, seen: leftWords(client), troubles })
}

const leftWords = ({ id, made, removal }: WalkClient): string => {
  if (made === 'before') return 'No session is left'
  return removal === undefined
    ? `No session is left; the client ${id} stays, as the OP names no way to delete one`
    : 'No session and no client is left'
}

/** The refresh token too: some OPs end a session with that one only. */
const endSession = async (
  { askToEnd }: Surroundings,
  { metadata: { revocation }, client }: Pick<Belongings, 'metadata' | 'client'>,
  { access, refresh }: Tokens,
): Promise<readonly Exchange[]> => {
  if (revocation === undefined) return []
  const first = await askToEnd(revokeQuestion(revocation, client, access, 'access_token'))
  if (refresh === undefined) return [first]
  return [first, await askToEnd(revokeQuestion(revocation, client, refresh, 'refresh_token'))]
}
