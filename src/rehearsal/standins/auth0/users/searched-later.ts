import type { TenantClock } from '../clock.ts'
import type { User, UserStore } from '../tenant.ts'

interface Written {
  readonly at: number
  /** As it was before; undefined: nobody was there. */
  readonly before: User | undefined
}

const written = new WeakMap<
  UserStore,
  { readonly clock: Pick<TenantClock, 'now'>; readonly lag: number; readonly recent: Map<string, Written> }
>()

/**
 * The same store, of which searches see what was written only later.
 * @param lag milliseconds
 */
export const searchedLater = (store: UserStore, clock: Pick<TenantClock, 'now'>, lag: number): UserStore => {
  const recent = new Map<string, Written>()

  const forgetOld = (): void => {
    for (const [userId, { at }] of recent) {
      if (clock.now() - at < lag) return
      recent.delete(userId)
    }
  }

  const note = (userId: string): void => {
    forgetOld()
    if (!recent.has(userId)) recent.set(userId, { at: clock.now(), before: store.byId(userId) })
  }

  const searched: UserStore = {
    ...store,
    put: (user) => {
      note(user.userId)
      store.put(user)
    },
    remove: (userId) => {
      note(userId)
      store.remove(userId)
    },
  }
  written.set(searched, { clock, lag, recent })
  return searched
}

/** Everybody as a search sees them now. */
export function* searchable(store: UserStore): Generator<User> {
  const seen = written.get(store)
  const recent = new Map(
    [...(seen?.recent ?? [])].filter(([, { at }]) => seen !== undefined && seen.clock.now() - at < seen.lag),
  )
  for (const user of store.all()) if (!recent.has(user.userId)) yield user
  for (const { before } of recent.values()) if (before !== undefined) yield before
}
