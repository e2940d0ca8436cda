import type { ReadinessStep } from '../../report/readiness-document.ts'
import type { Exchange } from '../http/exchange.ts'
import type { WalkMetadata } from './metadata.ts'
import { refusalOf } from './oauth-errors.ts'
import type { WalkClient } from './registration.ts'
import { revokeQuestion } from './revocation.ts'
import { type Held, keep, tokenQuestion, tokensIn } from './token.ts'
import { difference, failure, type Surroundings, stepOf, type Trouble } from './walk-step.ts'

/** What is at the OP because of us. */
export interface Belongings {
  readonly metadata: WalkMetadata
  readonly client: WalkClient
  readonly sessions: readonly Held[]
}

export interface CleanedUp {
  readonly step: ReadinessStep
  /** Whether something stays at the OP, or may. */
  readonly leaves: 'nothing' | 'something'
}

/** Ends every session, and takes our client away. Goes on after Ctrl-C. */
export const cleanUp = async (
  surroundings: Surroundings,
  { metadata, client, sessions }: Belongings,
): Promise<CleanedUp> => {
  const since = performance.now()
  const exchanges: Exchange[] = []
  const troubles: Trouble[] = []
  for (const held of sessions) {
    const ended = await endSession(surroundings, { metadata, client }, held)
    exchanges.push(...ended.exchanges)
    if (!ended.isEnded) {
      const words = 'A session of the test account could not be ended'
      troubles.push(failure(words, 'Sign the device out, or end the session in the OP’s administration.'))
    } else if (held.doubt !== undefined) {
      const words = `A session of the test account may be left: ${held.doubt}`
      troubles.push(difference(words, 'Look for it in the OP’s administration, or on its account page, and end it.'))
    }
  }
  const removed = await removeClient(surroundings, client)
  exchanges.push(...removed.exchanges)
  troubles.push(...removed.troubles)
  const step = stepOf('clean-up', since, { exchanges, seen: leftWords(client), troubles })
  const stays = client.made === 'by us' && client.removal === undefined
  return { step, leaves: stays || troubles.length > 0 ? 'something' : 'nothing' }
}

const removeClient = async (
  { askToEnd }: Surroundings,
  { id, removal }: WalkClient,
): Promise<{ readonly exchanges: readonly Exchange[]; readonly troubles: readonly Trouble[] }> => {
  if (removal === undefined) return { exchanges: [], troubles: [] }
  const exchange = await askToEnd({
    method: 'DELETE',
    url: removal.url,
    headers: { authorization: `Bearer ${removal.token}` },
    secrets: [removal.token],
  })
  const { answer } = exchange
  if (answer !== undefined && answer.status < 300) return { exchanges: [exchange], troubles: [] }
  const said = answer === undefined ? exchange.failure.why : refusalOf(answer)
  const remedy = `Delete the client ${id} in the OP’s administration.`
  return { exchanges: [exchange], troubles: [difference(`The client ${id} could not be deleted: ${said}`, remedy)] }
}

const leftWords = ({ id, made, removal, isDeletedElsewhere }: WalkClient): string => {
  if (made === 'before') return 'No session is left'
  if (removal !== undefined) return 'No session and no client is left'
  const why =
    isDeletedElsewhere === true
      ? 'the OP deletes it on another server, which does not get its token'
      : 'the OP names no way to delete one'
  return `No session is left; the client ${id} stays, as ${why}`
}

interface Ended {
  readonly exchanges: readonly Exchange[]
  readonly isEnded: boolean
}

/** The refresh token too: some OPs end a session with that one only. Then it is tried, for an OP may say what it does not do. */
const endSession = async (
  surroundings: Surroundings,
  { metadata, client }: Pick<Belongings, 'metadata' | 'client'>,
  { tokens, stray }: Held,
): Promise<Ended> => {
  const { revocation } = metadata
  const refresh = tokens?.refresh ?? stray
  const held = [
    ...(tokens === undefined ? [] : [{ token: tokens.access, hint: 'access_token' as const }]),
    ...(refresh === undefined ? [] : [{ token: refresh, hint: 'refresh_token' as const }]),
  ]
  if (held.length === 0 || revocation === undefined) return { exchanges: [], isEnded: held.length === 0 }
  const exchanges: Exchange[] = []
  const revoke = async (token: string, hint: 'access_token' | 'refresh_token'): Promise<void> => {
    exchanges.push(await surroundings.askToEnd(revokeQuestion(revocation, client, token, hint)))
  }
  for (const { token, hint } of held) await revoke(token, hint)
  const isTaken = exchanges.every(({ answer }) => answer !== undefined && answer.status < 300)
  if (refresh === undefined) return { exchanges, isEnded: isTaken }
  const form = { grant_type: 'refresh_token', refresh_token: refresh }
  const tried = await surroundings.askToEnd(tokenQuestion(metadata, client, form, [refresh]))
  keep(surroundings.secrets, tried)
  exchanges.push(tried)
  const alive = tokensIn(tried)
  if (alive !== undefined) {
    await revoke(alive.access, 'access_token')
    if (alive.refresh !== undefined) await revoke(alive.refresh, 'refresh_token')
  }
  const status = tried.answer?.status ?? 500
  // The OP knows the token no more: then it does not matter what it said to the revocation.
  return { exchanges, isEnded: status >= 400 && status < 500 ? true : isTaken && status >= 500 }
}
