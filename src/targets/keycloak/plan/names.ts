import type { Name } from '../../slow-road/name.ts'
import type { UserRequests } from '../accounts/user-requests.ts'
import type { Link, PresentUser } from '../api/users-api.ts'
import type { LookUp } from './holders.ts'

export const usernameOf = (username: string): Name => `username ${username.toLowerCase()}`
export const emailOf = (email: string): Name => `email ${email.toLowerCase()}`
export const linkOf = ({ alias, subject }: Link): Name => `link ${alias} ${subject}`

/** What a user has no longer once this is done. */
export const givenUp = (requests: UserRequests, present: PresentUser | undefined): readonly Name[] => {
  if (present === undefined) return []
  if (requests.kind === 'delete') {
    return [usernameOf(present.username), ...emails(present.email), ...(present.links ?? []).map(linkOf)]
  }
  if (requests.kind !== 'change') return []
  return [
    ...(requests.put.username === present.username ? [] : [usernameOf(present.username)]),
    ...emails(requests.freesEmail),
    ...requests.removeLinks.map(linkOf),
  ]
}

const emails = (email: string | undefined): readonly Name[] => (email === undefined ? [] : [emailOf(email)])

/** What a user gets by this and has not yet: only that can be somebody else's. In lower case. */
export const newNames = (requests: UserRequests, present: PresentUser | undefined): LookUp => {
  if (requests.kind === 'create') {
    const { username, email, links } = requests.wanted
    return { username, ...(email === undefined ? {} : { email }), links }
  }
  if (requests.kind !== 'change') return { links: [] }
  const { put, addLinks } = requests
  const email = put.email?.toLowerCase()
  return {
    ...(put.username === present?.username ? {} : { username: put.username }),
    ...(email === undefined || email === present?.email?.toLowerCase() ? {} : { email }),
    links: addLinks,
  }
}
