import type { TenantClock } from '../clock.ts'
import type { User, UserStore } from '../tenant.ts'
import { openSearchIndex, type SearchIndex } from './search-index.ts'

interface Written {
  readonly at: number
  readonly userId: string
  /** As it was then; undefined: nobody was there any more. */
  readonly user: User | undefined
}

type Searched = Pick<SearchIndex, 'all' | 'having'>

const searches = new WeakMap<UserStore, () => Searched>()

/**
 * The same store, of which searches see what is written only later.
 * @param lag milliseconds
 */
export const searchedLater = (store: UserStore, clock: Pick<TenantClock, 'now'>, lag: number): UserStore => {
  const index = openSearchIndex()
  for (const user of store.all()) index.put(user)
  const unseen = new Set<Written>()

  const catchUp = (): Searched => {
    const now = clock.now()
    for (const written of unseen) {
      if (now - written.at < lag) break
      unseen.delete(written)
      if (written.user === undefined) index.remove(written.userId)
      else index.put(written.user)
    }
    return index
  }

  const note = (userId: string, user?: User): void => {
    catchUp()
    unseen.add({ at: clock.now(), userId, user })
  }

  const searched: UserStore = {
    ...store,
    put: (user) => {
      store.put(user)
      note(user.userId, user)
    },
    remove: (userId) => {
      store.remove(userId)
      note(userId)
    },
  }
  searches.set(searched, catchUp)
  return searched
}

/** Users of a store of `searchedLater` as searches see them now. */
export const searchable = (store: UserStore): Searched => {
  const seen = searches.get(store)
  if (seen === undefined) throw new TypeError('a store of which searches see nothing is searched')
  return seen()
}
