import { isDeepStrictEqual } from 'node:util'
import { Syn2opError } from '../../../../errors/syn2op-error.ts'
import { connectionByName } from '../../api/connections-api.ts'
import type { ManagementApi } from '../../api/management-api.ts'
import {
  createScimToken,
  deleteScimToken,
  type PresentScimToken,
  SCIM_PERMISSIONS,
  type ScimEnd,
  scimConfiguration,
  scimTokens,
} from '../../api/scim-api.ts'

/** The SCIM endpoints of connections, each with a token of its own. */
export interface ScimEnds {
  /**
   * Of a connection, by its name. The token is made for it and kept in memory alone.
   * @throws Syn2opError target.not-allowed where the connection takes nobody by SCIM, or has as many tokens as it may
   */
  of(connection: string, signal: AbortSignal): Promise<ScimEnd>
  /** Takes the tokens away. */
  close(): Promise<void>
}

/** The shortest that Auth0 lets a token live, in milliseconds: what a run that dies leaves is soon good for nothing. */
const LIFE_MS = 900_000

/** So long before its end a token is not begun with any more. */
const REST_MS = 120_000

/** The attribute by which a login finds who was made. */
const SUBJECT = 'externalId'

const CLOSING_MS = 10_000

interface Open {
  readonly end: ScimEnd
  readonly tokenId: string
  readonly until: number
}

export const openScimEnds = (api: ManagementApi): ScimEnds => {
  const opened = new Map<string, Promise<Open>>()

  /** Nobody has the secret of what a run has left that died, or whose answer was lost. @returns whether there was any */
  const removeLeft = async (connectionId: string, signal: AbortSignal): Promise<boolean> => {
    const left = (await scimTokens(api, connectionId, signal)).filter(isAsOurs)
    for (const { id } of left) await deleteScimToken(api, connectionId, id, signal)
    return left.length > 0
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
    const answer = first.kind === 'clash' && (await removeLeft(connectionId, signal)) ? await ask() : first
    if (answer.kind !== 'made') throw refusal(connection, `gets no token for SCIM (${answer.status}: ${answer.words})`)
    const { id: tokenId, token } = answer.made
    return { end: { connectionId, token }, tokenId, until }
  }

  const remove = async ({ end, tokenId }: Open, signal: AbortSignal): Promise<void> => {
    await deleteScimToken(api, end.connectionId, tokenId, signal)
  }

  return {
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

/** By what they may, and how long. */
const isAsOurs = ({ permissions, lifeMs = 0 }: PresentScimToken): boolean =>
  Math.abs(lifeMs - LIFE_MS) < 1000 && isDeepStrictEqual(permissions.toSorted(), SCIM_PERMISSIONS.toSorted())

const refusal = (connection: string, why: string): Syn2opError =>
  new Syn2opError('target.not-allowed', `The connection ${connection}, whose people are to be made by SCIM, ${why}`, {
    next: [
      '`syn2op check` says what it needs, and `syn2op auth0 prepare` sets inbound SCIM up.',
      'Auth0 allows two tokens at a connection: where there are two of others, one has to go.',
      `Or \`link: action\` at the connection ${connection} in auth0.yaml.`,
    ],
  })
