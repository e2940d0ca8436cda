import { printOf } from '../../slow-road/run-names.ts'
import type { AdminApi } from '../api/admin-api.ts'
import { pageOfUsers } from '../api/users-api.ts'
import type { Census } from './census.ts'

/** Users that are read in one request; more make its answer slower than two. */
const PAGE = 1000

/** What reading one user of a page costs, until it has been measured. */
const PAGED_USER_MS = 0.4

/** What finding one name costs, until it has been measured. */
const LOOK_UP_MS = 3

/**
 * Which names may be somebody else's. One name is found quickly, all of them are read in the time of some thousand look-ups:
 * names are looked up one by one until that has cost, or is about to cost, what reading all of them once costs.
 */
export interface KnownNames {
  /** Of some usernames and addresses, in lower case: those that are worth looking up. */
  suspects(names: readonly string[], census: Census, signal: AbortSignal): Promise<ReadonlySet<string>>
  /** Tells what looking up names has cost, in milliseconds. */
  spent(names: number, milliseconds: number): void
  /** Whether asking costs nothing more: all names have been read, or looking them up has cost as much already. */
  isWorthIt(census: Census): boolean
}

export const knownNames = (api: AdminApi): KnownNames => {
  let read: { readonly prints: Promise<ReadonlySet<number>>; readonly all: number } | undefined
  let lookedUp = 0
  let lookingMs = 0

  const readAll = async (signal: AbortSignal): Promise<ReadonlySet<number>> => {
    const prints = new Set<number>()
    for (let first = 0; ; first += PAGE) {
      const page = await pageOfUsers(api, { first, max: PAGE, brief: true }, signal)
      for (const { username, email } of page) {
        prints.add(printOf(username.toLowerCase()))
        if (email !== undefined) prints.add(printOf(email.toLowerCase()))
      }
      if (page.length < PAGE) return prints
    }
  }
  const areRead = (census: Census): boolean => read !== undefined && read.all === census.all

  return {
    isWorthIt: (census) => areRead(census) || lookingMs >= census.all * PAGED_USER_MS,

    async suspects(names, census, signal) {
      if (census.all === 0 || names.length === 0) return new Set()
      const perName = lookedUp === 0 ? LOOK_UP_MS : lookingMs / lookedUp
      if (!areRead(census) && lookingMs + names.length * perName >= census.all * PAGED_USER_MS) {
        const reading = { prints: readAll(signal), all: census.all }
        read = reading
        lookedUp = 0
        lookingMs = 0
        // Whoever asks meanwhile waits for the same; whoever asks after a failure reads again.
        reading.prints.catch(() => {
          if (read === reading) read = undefined
        })
      }
      if (read === undefined || !areRead(census)) return new Set(names)
      const prints = await read.prints
      return new Set(names.filter((name) => prints.has(printOf(name))))
    },

    spent(count, milliseconds) {
      lookedUp += count
      lookingMs += milliseconds
    },
  }
}
