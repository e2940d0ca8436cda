import type { RowRefusal } from '../api/jobs-api.ts'
import type { PresentUser } from '../api/user.ts'

/**
 * How a new user ended. `created`: it is there, by this run. `found`: somebody had made it already. `clash`: a name of it is
 * somebody else's. `refused`: Auth0 does not take it. Words are Auth0's own, without a secret.
 */
export type Fate =
  | { readonly kind: 'created' }
  | { readonly kind: 'found'; readonly user: PresentUser }
  | { readonly kind: 'clash'; readonly words: string }
  | { readonly kind: 'refused'; readonly words: string }

/** By the ids of users, with the strategy before them. */
export type Fates = ReadonlyMap<string, Fate>

/** What the errors of a row mean: somebody has its id or one of its names, or Auth0 would never take it. */
export const reasonOf = ({ errors }: RowRefusal): 'taken' | 'refused' =>
  errors.length > 0 && errors.every(({ code }) => code === 'DUPLICATED_USER' || code.startsWith('CONFLICT'))
    ? 'taken'
    : 'refused'

/** In one line. */
export const wordsOf = ({ errors }: RowRefusal): string =>
  errors.length === 0
    ? 'Auth0 does not say why'
    : errors
        .map(({ code, message, path }) => `${message} (${path === undefined ? code : `${code}, ${path}`})`)
        .join('; ')
