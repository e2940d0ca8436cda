import { setTimeout as sleep } from 'node:timers/promises'
import { MARKS } from '../accounts/user-rules.ts'
import { isUnclear } from '../api/unclear.ts'
import type { PresentUser, UserImport } from '../api/user.ts'
import { importUsers, usersByIds } from '../api/users-api.ts'
import type { KeycloakRealm } from '../realm.ts'
import { FAILED, PAUSE_MS, TRIES } from './try-again.ts'

/**
 * How a new user ended. `created`: it is there, by this run. `found`: somebody had made it already. `clash`: a name of it is
 * somebody else's. `refused`: Keycloak does not take it. With Keycloak's own words.
 */
export type ImportFate =
  | { readonly kind: 'created' }
  | { readonly kind: 'found'; readonly user: PresentUser }
  | { readonly kind: 'clash' | 'refused'; readonly words: string }

type Fates = ReadonlyMap<string, ImportFate>
type Importing = Pick<KeycloakRealm, 'api' | 'writing'>

/**
 * Creates users by one request, which Keycloak does as a whole or not at all. Where it does not, whoever stands in the way is
 * found by halves, and all others are created. After an answer that was lost, or that does not say what was done, Keycloak is
 * asked who is there.
 * @throws Syn2opError server.unreachable where it cannot be known what was done, or nothing was: to be tried again
 */
export const importChunk = async (
  realm: Importing,
  users: readonly UserImport[],
  run: { readonly runId: string; readonly signal: AbortSignal },
): Promise<Fates> => {
  const answer = await tryImport(realm, users, run.signal)
  if (answer.kind === 'imported') return new Map(users.map(({ id }) => [id, { kind: 'created' }]))
  const there = await whoIsThere(realm, users, run)
  const left = users.filter(({ id }) => !there.has(id))
  if (left.length === 0) return there
  if (answer.kind === 'lost') throw answer.error
  if (left.length < users.length) return joined([there, await importChunk(realm, left, run)])
  return apart(realm, left, run, answer)
}

type Refusal = { readonly kind: 'clash' | 'refused'; readonly status: number; readonly words: string }

/** For users of whom nobody is there and whom Keycloak does not take together. */
const apart = async (
  realm: Importing,
  users: readonly UserImport[],
  run: { readonly runId: string; readonly signal: AbortSignal },
  refusal: Refusal,
): Promise<Fates> => {
  const [only] = users
  if (only !== undefined && users.length === 1) return alone(realm, only, run, refusal)
  const half = Math.ceil(users.length / 2)
  const fates: Fates[] = []
  for (const part of [users.slice(0, half), users.slice(half)]) {
    const answer = await tryImport(realm, part, run.signal)
    if (answer.kind === 'imported') fates.push(new Map(part.map(({ id }) => [id, { kind: 'created' }])))
    else if (answer.kind === 'lost') fates.push(await afterLost(realm, part, run, answer.error))
    else fates.push(await apart(realm, part, run, answer))
  }
  return joined(fates)
}

const afterLost = async (
  realm: Importing,
  users: readonly UserImport[],
  run: { readonly runId: string; readonly signal: AbortSignal },
  error: unknown,
): Promise<Fates> => {
  const there = await whoIsThere(realm, users, run)
  if (there.size < users.length) throw error
  return there
}

const alone = async (
  realm: Importing,
  user: UserImport,
  run: { readonly runId: string; readonly signal: AbortSignal },
  refusal: Refusal,
): Promise<Fates> => {
  let last = refusal
  for (let tried = 1; ; tried++) {
    const there = await whoIsThere(realm, [user], run)
    if (there.size > 0) return there
    if (last.status < FAILED || tried === TRIES) return new Map([[user.id, { kind: last.kind, words: last.words }]])
    await sleep(PAUSE_MS, undefined, { signal: run.signal })
    const answer = await tryImport(realm, [user], run.signal)
    if (answer.kind === 'imported') return new Map([[user.id, { kind: 'created' }]])
    if (answer.kind === 'lost') return afterLost(realm, [user], run, answer.error)
    last = answer
  }
}

type ImportTried = { readonly kind: 'imported' } | { readonly kind: 'lost'; readonly error: unknown } | Refusal

const tryImport = (
  { api, writing }: Importing,
  users: readonly UserImport[],
  signal: AbortSignal,
): Promise<ImportTried> =>
  writing(async () => {
    try {
      return await importUsers(api, users, signal)
    } catch (error) {
      if (isUnclear(error)) return { kind: 'lost', error }
      throw error
    }
  }, users.length)

/** Who of some users is there, and whether this run has made them. */
const whoIsThere = async (
  { api }: Importing,
  users: readonly UserImport[],
  { runId, signal }: { readonly runId: string; readonly signal: AbortSignal },
): Promise<Fates> => {
  const ids = users.map(({ id }) => id)
  const fates = new Map<string, ImportFate>()
  for (const [id, user] of await usersByIds(api, ids, signal)) {
    const isOfThisRun = user.attributes[MARKS.run]?.[0] === runId
    fates.set(id, isOfThisRun ? { kind: 'created' } : { kind: 'found', user })
  }
  return fates
}

const joined = (parts: readonly Fates[]): Fates => new Map(parts.flatMap((part) => [...part]))
