import type { User } from '../tenant.ts'
import { userBody } from '../user-body.ts'
import { valuesAt } from '../values-at.ts'
import { type IndexBy, openIndex } from './index-by.ts'

/** Users as searches find them. */
export interface SearchIndex {
  all(): Iterable<User>
  /** Whoever has this text at this path of their profile, in capital letters or not. */
  having(field: string, text: string): readonly User[]
  put(user: User): void
  remove(userId: string): void
}

const textsAt = (body: unknown, field: string): readonly string[] =>
  valuesAt(body, field).map((value) => String(value).toLowerCase())

/** A field is indexed from the first search by it on. */
export const openSearchIndex = (): SearchIndex => {
  const users = new Map<string, User>()
  const fields = new Map<string, IndexBy>()

  const enter = (user: User, how: 'add' | 'remove'): void => {
    if (fields.size === 0) return
    const body = userBody(user)
    for (const [field, index] of fields) for (const text of textsAt(body, field)) index[how](text, user.userId)
  }

  const indexOf = (field: string): IndexBy => {
    const known = fields.get(field)
    if (known !== undefined) return known
    const index = openIndex()
    for (const user of users.values()) for (const text of textsAt(userBody(user), field)) index.add(text, user.userId)
    fields.set(field, index)
    return index
  }

  const remove = (userId: string): void => {
    const before = users.get(userId)
    if (before === undefined) return
    enter(before, 'remove')
    users.delete(userId)
  }

  return {
    all: () => users.values(),
    having: (field, text) =>
      indexOf(field)
        .of(text.toLowerCase())
        .flatMap((userId) => users.get(userId) ?? []),
    put: (user) => {
      const before = users.get(user.userId)
      if (before !== undefined) enter(before, 'remove')
      users.set(user.userId, user)
      enter(user, 'add')
    },
    remove,
  }
}
