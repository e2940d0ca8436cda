import type { Notes } from '../../../earlier-runs.ts'
import { connectionByName } from '../../api/connections-api.ts'
import { isScimTokenRefused } from '../../api/failures.ts'
import type { ManagementApi } from '../../api/management-api.ts'
import { createScimToken, deleteScimToken, type ScimEnd, scimConfiguration, scimUserOf } from '../../api/scim-api.ts'
import { tryAgain } from '../../apply/try-again.ts'
import { LIFE_MS, removeLeft } from './left-tokens.ts'
import { noRoom, refusal } from './no-token.ts'
import { keepTokenNotes } from './token-notes.ts'

/** The SCIM endpoints of connections, each with a token of its own. */
export interface ScimEnds {
  /**
   * Of a connection, by its name. The token is made for it and kept in memory alone.
   * @throws Syn2opError target.not-allowed where the connection takes nobody by SCIM, or has as many tokens as it may
   */
  of(connection: string, signal: AbortSignal): Promise<ScimEnd>
  /**
   * Asks there, and once more with a new token where that one is not taken any more.
   * @throws as `of`, and what the request throws
   */
  with<Answer>(connection: string, request: (end: ScimEnd) => Promise<Answer>, signal: AbortSignal): Promise<Answer>
  /** Where tokens are written down for later runs, which take away what this one leaves. */
  keepIn(notes: Notes): Promise<void>
  /** Takes the tokens away. */
  close(): Promise<void>
}

/** So long before its end a token is not begun with any more: what has been begun with it may end. */
const REST_MS = 120_000

/** The attribute by which a login finds who was made. */
const SUBJECT = 'externalId'

const CLOSING_MS = 10_000

/** Whom nobody is at their identity provider. */
const NOBODY = 'syn2op'

interface Open {
  readonly end: ScimEnd
  readonly tokenId: string
  readonly until: number
}

export const openScimEnds = (api: ManagementApi): ScimEnds => {
  const opened = new Map<string, Promise<Open>>()

  /** All that are at Auth0 by us. */
  const held = new Map<string, Open>()

  /** How many are at work with one. */
  const atWork = new WeakMap<Open, number>()

  /** Those in whose place another has come. */
  const old = new Set<Open>()

  const notes = keepTokenNotes()

  const remove = async (one: Open, signal: AbortSignal): Promise<void> => {
    const { end, tokenId } = one
    old.delete(one)
    await tryAgain(() => deleteScimToken(api, end.connectionId, tokenId, signal), { clock: api.clock, signal })
    held.delete(tokenId)
    await notes.removed(tokenId)
  }

  /** Two are all that a connection may have: the old one has to go only where it is in the way, or nobody is at work with it. */
  const removeUnused = async (one: Open, signal: AbortSignal): Promise<void> => {
    if (!old.has(one) || (atWork.get(one) ?? 0) > 0) return
    // It ends by itself, and is taken away in the end.
    await remove(one, signal).catch(() => undefined)
  }

  const use = async <Answer>(
    one: Open,
    request: (end: ScimEnd) => Promise<Answer>,
    signal: AbortSignal,
  ): Promise<Answer> => {
    atWork.set(one, (atWork.get(one) ?? 0) + 1)
    try {
      return await request(one.end)
    } finally {
      atWork.set(one, (atWork.get(one) ?? 0) - 1)
      await removeUnused(one, signal)
    }
  }

  /** Takes away those of ours at a connection. @returns whether there was one */
  const takeAway = async (connectionId: string, signal: AbortSignal): Promise<boolean> => {
    const ours = [...held.values()].filter((one) => one.end.connectionId === connectionId)
    for (const one of ours) await remove(one, signal)
    return ours.length > 0
  }

  const open = async (connection: string, signal: AbortSignal): Promise<Open> => {
    const found = await connectionByName(api, connection, signal)
    if (found === undefined) throw refusal(connection, 'is not there')
    const { id: connectionId } = found
    const configuration = await scimConfiguration(api, connectionId, signal)
    if (configuration === undefined) throw refusal(connection, 'has no inbound SCIM')
    if (configuration.userIdAttribute !== SUBJECT) {
      throw refusal(
        connection,
        `finds people by the SCIM attribute ${configuration.userIdAttribute}, not by ${SUBJECT}`,
      )
    }
    const until = api.clock.now() + LIFE_MS - REST_MS
    const ask = (): ReturnType<typeof createScimToken> => createScimToken(api, connectionId, LIFE_MS, signal)
    const alone = await ask()
    // Then whoever is at work with one of ours has to go on with the next.
    const gaveWay = alone.kind === 'clash' && (await takeAway(connectionId, signal))
    const first = gaveWay ? await ask() : alone
    const left = first.kind === 'clash' ? await removeLeft({ api, notes }, connectionId, signal) : undefined
    if (left !== undefined && left !== 'removed') throw noRoom(connection, left.others)
    const answer = left === 'removed' ? await ask() : first
    if (answer.kind !== 'made') throw refusal(connection, `gets no token for SCIM (${answer.status}: ${answer.words})`)
    const { id: tokenId, token } = answer.made
    await notes.made(tokenId)
    const made: Open = { end: { connectionId, token }, tokenId, until }
    held.set(tokenId, made)
    try {
      // From then on others see that it is in use.
      await scimUserOf(api, made.end, NOBODY, signal)
      return made
    } catch (error) {
      await remove(made, AbortSignal.timeout(CLOSING_MS)).catch(() => undefined)
      throw error
    }
  }

  /** Of several who ask at the same time the first opens it. */
  const opening = (connection: string, was: Promise<Open> | undefined, how: () => Promise<Open>): Promise<Open> => {
    const meanwhile = opened.get(connection)
    if (meanwhile !== undefined && meanwhile !== was) return meanwhile
    const next = how()
    opened.set(connection, next)
    return next
  }

  const current = async (connection: string, signal: AbortSignal): Promise<Open> => {
    const was = opened.get(connection)
    const present = await was?.catch(() => undefined)
    if (present !== undefined && api.clock.now() < present.until) return present
    return opening(connection, was, async () => {
      const next = await open(connection, signal)
      if (present !== undefined) {
        old.add(present)
        await removeUnused(present, signal)
      }
      return next
    })
  }

  const replaced = async (connection: string, refused: Open, signal: AbortSignal): Promise<Open> => {
    const was = opened.get(connection)
    if ((await was?.catch(() => undefined)) !== refused) return current(connection, signal)
    return opening(connection, was, async () => {
      await remove(refused, signal)
      return open(connection, signal)
    })
  }

  return {
    keepIn: (others) => notes.keepIn(others),
    of: async (connection, signal) => (await current(connection, signal)).end,
    async with(connection, request, signal) {
      const present = await current(connection, signal)
      try {
        return await use(present, request, signal)
      } catch (error) {
        if (!isScimTokenRefused(error)) throw error
      }
      return use(await replaced(connection, present, signal), request, signal)
    },
    async close() {
      await Promise.allSettled(opened.values())
      opened.clear()
      // A token that stays ends by itself.
      await Promise.allSettled(Array.from(held.values(), (one) => remove(one, AbortSignal.timeout(CLOSING_MS))))
    },
  }
}
