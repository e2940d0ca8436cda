import { Syn2opError } from '../../../../errors/syn2op-error.ts'
import type { Notes } from '../../../earlier-runs.ts'
import { connectionByName } from '../../api/connections-api.ts'
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
  /** Where tokens are written down for later runs, which take away what this one leaves. */
  keepIn(notes: Notes): Promise<void>
  /** Takes the tokens away. */
  close(): Promise<void>
}

/** So long before its end a token is not begun with any more. */
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

  const notes = keepTokenNotes()

  const remove = async ({ end, tokenId }: Open, signal: AbortSignal): Promise<void> => {
    await tryAgain(() => deleteScimToken(api, end.connectionId, tokenId, signal), { clock: api.clock, signal })
    await notes.removed(tokenId)
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
    const first = await ask()
    const left = first.kind === 'clash' ? await removeLeft({ api, notes }, connectionId, signal) : undefined
    if (left !== undefined && left !== 'removed') throw noRoom(connection, left.others)
    const answer = left === 'removed' ? await ask() : first
    if (answer.kind !== 'made') throw refusal(connection, `gets no token for SCIM (${answer.status}: ${answer.words})`)
    const { id: tokenId, token } = answer.made
    await notes.made(tokenId)
    const made: Open = { end: { connectionId, token }, tokenId, until }
    try {
      // From then on others see that it is in use.
      await scimUserOf(api, made.end, NOBODY, signal)
      return made
    } catch (error) {
      await remove(made, AbortSignal.timeout(CLOSING_MS)).catch(() => undefined)
      throw error
    }
  }

  return {
    keepIn: (others) => notes.keepIn(others),
    async of(connection, signal) {
      const before = opened.get(connection)
      const present = await before?.catch(() => undefined)
      if (present !== undefined && api.clock.now() < present.until) return present.end
      // Somebody else may have opened it meanwhile.
      if (opened.get(connection) === before) {
        const renewed = async (): Promise<Open> => {
          if (present !== undefined) await remove(present, signal)
          return open(connection, signal)
        }
        opened.set(connection, renewed())
      }
      return (await (opened.get(connection) ?? open(connection, signal))).end
    },
    async close() {
      const ends = await Promise.allSettled(opened.values())
      opened.clear()
      // A token that stays ends by itself.
      await Promise.allSettled(
        ends.map((end) =>
          end.status === 'fulfilled' ? remove(end.value, AbortSignal.timeout(CLOSING_MS)) : Promise.resolve(),
        ),
      )
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
