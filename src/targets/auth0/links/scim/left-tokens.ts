import { isDeepStrictEqual } from 'node:util'
import type { ManagementApi } from '../../api/management-api.ts'
import { deleteScimToken, type PresentScimToken, SCIM_PERMISSIONS, scimTokens } from '../../api/scim-api.ts'
import type { TokenNotes } from './token-notes.ts'

/** The shortest that Auth0 lets a token live, in milliseconds: what a run that dies leaves is soon good for nothing. */
export const LIFE_MS = 900_000

/** A run uses its token as soon as it has it. Whatever is unused for so long, nobody has the secret of: its answer was lost. */
const UNUSED_MS = 60_000

/** So far this machine's time may be from Auth0's. */
const SKEW_MS = 300_000

/** Takes away tokens of a connection that nobody can be at work with. */
export const removeLeft = async (
  { api, notes }: { readonly api: ManagementApi; readonly notes: TokenNotes },
  connectionId: string,
  signal: AbortSignal,
): Promise<'removed' | { readonly others: readonly PresentScimToken[] }> => {
  const tokens = await scimTokens(api, connectionId, signal)
  const now = api.clock.now()
  const isOver = (one: PresentScimToken): boolean => isAsOurs(one) && (one.until ?? now) + SKEW_MS < now
  const over = tokens.filter((one) => notes.isLeft(one.id) || isOver(one))
  const left = over.length > 0 ? over : await stayUnused({ api, connectionId, tokens }, signal)
  for (const { id } of left) {
    await deleteScimToken(api, connectionId, id, signal)
    await notes.removed(id)
  }
  return left.length > 0 ? 'removed' : { others: tokens }
}

const stayUnused = async (
  {
    api,
    connectionId,
    tokens,
  }: { readonly api: ManagementApi; readonly connectionId: string; readonly tokens: readonly PresentScimToken[] },
  signal: AbortSignal,
): Promise<readonly PresentScimToken[]> => {
  const unused = tokens.filter((one) => isAsOurs(one) && !one.isUsed)
  if (unused.length === 0) return []
  await api.clock.sleep(UNUSED_MS, signal)
  const then = await scimTokens(api, connectionId, signal)
  return then.filter(({ id, isUsed }) => !isUsed && unused.some((one) => one.id === id))
}

/** Whether a run of syn2op may have had it made: by what it may, and how long. */
export const isAsOurs = ({ permissions, lifeMs = 0 }: PresentScimToken): boolean =>
  Math.abs(lifeMs - LIFE_MS) < 1000 && isDeepStrictEqual(permissions.toSorted(), SCIM_PERMISSIONS.toSorted())
