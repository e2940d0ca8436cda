import { Syn2opError } from '../../../../errors/syn2op-error.ts'
import type { Notes } from '../../../earlier-runs.ts'
import { connectionByName } from '../../api/connections-api.ts'
import { isScimTokenRefused } from '../../api/failures.ts'
import type { ManagementApi } from '../../api/management-api.ts'
import {
  createScimToken,
  deleteScimToken,
  type PresentScimToken,
  type ScimEnd,
  scimConfiguration,
  scimUserOf,
} from '../../api/scim-api.ts'
import { tryAgain } from '../../apply/try-again.ts'
import { minuteOf } from '../../jobs/import-notes.ts'
import { isAsOurs, LIFE_MS, removeLeft } from './left-tokens.ts'
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

  /** All that are at Auth0 by us: those too in whose place another has come, with which somebody may be at work. */
  const held = new Map<string, Open>()

  const notes = keepTokenNotes()

  const remove = async ({ end, tokenId }: Open, signal: AbortSignal): Promise<void> => {
    await tryAgain(() => deleteScimToken(api, end.connectionId, tokenId, signal), { clock: api.clock, signal })
    held.delete(tokenId)
    await notes.removed(tokenId)
  }

  /** Takes away those of ours at a connection that are meant. @returns whether there was one */
  const takeAway = async (
    connectionId: string,
    signal: AbortSignal,
    isMeant: (one: Open) => boolean = () => true,
  ): Promise<boolean> => {
    const ours = [...held.values()].filter((one) => one.end.connectionId === connectionId && isMeant(one))
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
    await takeAway(connectionId, signal, ({ until: end }) => end + REST_MS < api.clock.now())
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
    return opening(connection, was, () => open(connection, signal))
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
        return await request(present.end)
      } catch (error) {
        if (!isScimTokenRefused(error)) throw error
      }
      return request((await replaced(connection, present, signal)).end)
    },
    async close() {
      await Promise.allSettled(opened.values())
      opened.clear()
      // A token that stays ends by itself.
      await Promise.allSettled(Array.from(held.values(), (one) => remove(one, AbortSignal.timeout(CLOSING_MS))))
    },
  }
}

const refusal = (connection: string, why: string, next: readonly string[] = []): Syn2opError =>
  new Syn2opError('target.not-allowed', `The connection ${connection}, whose people are to be made by SCIM, ${why}`, {
    next: [
      ...next,
      '`syn2op check` says what it needs, and `syn2op auth0 prepare` sets inbound SCIM up.',
      `Or \`link: action\` at the connection ${connection} in auth0.yaml.`,
    ],
  })

/** A token that another run may be at work with is not taken from it. */
const noRoom = (connection: string, others: readonly PresentScimToken[]): Syn2opError => {
  const ends = others.flatMap((one) => (isAsOurs(one) && one.until !== undefined ? [one.until] : []))
  const wait =
    ends.length === 0
      ? []
      : [
          `One may be of another run of syn2op, at work or dead: it ends by itself at ${minuteOf(Math.min(...ends))}. Run the command again then.`,
        ]
  return refusal(connection, 'has two tokens for SCIM in use, as many as Auth0 allows', [
    ...wait,
    'Delete one that nobody needs, in the Dashboard under Authentication, Enterprise, the connection, Provisioning.',
  ])
}
