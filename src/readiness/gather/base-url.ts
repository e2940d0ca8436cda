import type { Exchange } from '../http/exchange.ts'
import { memberOf, objectOf } from '../metadata/reading.ts'
import type { Subject } from '../subject.ts'
import { isWebAddress, withoutSlash } from './addresses.ts'

export type BaseUrl = { readonly url: string } | { readonly why: string }

/**
 * Where the homeserver is: as it was given, else as .well-known says, else at the server's name itself, where clients look for it
 * when there is no .well-known.
 */
export const baseUrlOf = (subject: Subject, wellKnown: Exchange | undefined): BaseUrl => {
  if (subject.baseUrl !== undefined) return { url: withoutSlash(subject.baseUrl) }
  if (subject.serverName === undefined) {
    return { why: 'No homeserver was given: name one, by its server name or its URL, to have it asked' }
  }
  const document = wellKnown?.answer?.status === 200 ? objectOf(wellKnown.answer.json) : undefined
  if (document === undefined) return { url: `https://${subject.serverName}` }
  const named = memberOf(objectOf(memberOf(document, 'm.homeserver')), 'base_url')
  if (typeof named === 'string' && isWebAddress(named)) return { url: withoutSlash(named) }
  return {
    why: 'Its .well-known/matrix/client has no m.homeserver.base_url that is an address of the web, so no client finds the homeserver: give its URL to have it asked all the same',
  }
}
