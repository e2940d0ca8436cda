import { setTimeout as sleep } from 'node:timers/promises'
import { isUnclear } from '../../http/unclear.ts'
import { decodeMarks } from '../accounts/marks.ts'
import { MARKS } from '../accounts/user-rules.ts'
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

interface Run {
  readonly runId: string
  readonly signal: AbortSignal
}

/** Users to be tried together. */
interface Part {
  readonly users: readonly UserImport[]
  /** How often a single one was tried before. */
  readonly tried: number
}

/**
 * Creates users by one request, which Keycloak does as a whole or not at all. Where it does not, whoever stands in the way is
 * found by halves, and all others are created. After an answer that was lost, or that does not say what was done, Keycloak is
 * asked who is there.
 * @throws Syn2opError server.unreachable where it cannot be known what was done, or nothing was: to be tried again
 */
export const importChunk = async (realm: Importing, users: readonly UserImport[], run: Run): Promise<Fates> => {
  const fates = new Map<string, ImportFate>()
  const parts: Part[] = [{ users, tried: 0 }]
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
    const answer = await tryImport(realm, part.users, run.signal)
    if (answer.kind === 'imported') {
      for (const { id } of part.users) fates.set(id, { kind: 'created' })
      continue
    }
    const there = await whoIsThere(realm, part.users, run)
    for (const [id, fate] of there) fates.set(id, fate)
    const left = part.users.filter(({ id }) => !there.has(id))
    const [only] = left
    if (only === undefined) continue
    if (answer.kind === 'lost') throw answer.error
    const tried = part.tried + 1
    if (left.length < part.users.length) parts.unshift({ users: left, tried: 0 })
    else if (left.length > 1) parts.unshift(...halves(left))
    else if (answer.status < FAILED || tried === TRIES) fates.set(only.id, { kind: answer.kind, words: answer.words })
    else {
      await sleep(PAUSE_MS, undefined, { signal: run.signal })
      parts.unshift({ users: left, tried })
    }
  }
  return fates
}

const halves = (users: readonly UserImport[]): readonly Part[] => {
  const half = Math.ceil(users.length / 2)
  return [users.slice(0, half), users.slice(half)].map((part) => ({ users: part, tried: 0 }))
}

type Refusal = { readonly kind: 'clash' | 'refused'; readonly status: number; readonly words: string }

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
const whoIsThere = async ({ api }: Importing, users: readonly UserImport[], { runId, signal }: Run): Promise<Fates> => {
  const ids = users.map(({ id }) => id)
  const fates = new Map<string, ImportFate>()
  for (const [id, user] of await usersByIds(api, ids, signal)) {
    const isOfThisRun = decodeMarks(user.attributes[MARKS.written] ?? [])?.createdBy === runId
    fates.set(id, isOfThisRun ? { kind: 'created' } : { kind: 'found', user })
  }
  return fates
}
