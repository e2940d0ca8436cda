import { Syn2opError } from '../errors/syn2op-error.ts'
import type { Subject } from '../readiness/subject.ts'
import { webAddress } from './web-address.ts'

/** A host as Matrix ids have it: a name or an address, with a port if need be (Matrix specification, "Server Name"). */
const SERVER_NAME = /^(?:\[[0-9a-f:.]{2,45}\]|[0-9a-z.-]{1,255})(?::\d{1,5})?$/iu

/**
 * Whose homeserver is meant: by its server name, or by its URL.
 * @throws Syn2opError usage
 */
export const homeserverOfFlags = (
  given: string | undefined,
  name: string | undefined,
): Pick<Subject, 'serverName' | 'baseUrl'> => {
  const ofName = name === undefined ? {} : { serverName: nameOfFlag(name) }
  if (given === undefined) return ofName
  if (given.includes('://')) return { ...ofName, baseUrl: baseUrl(given) }
  const found = serverName(given)
  if (name === undefined || name === found) return { serverName: found }
  throw new Syn2opError('usage', `${given} and --server-name ${name} are two homeservers`, {
    next: [`Where clients reach it at ${given}, write that as a URL: https://${given}`],
  })
}

const baseUrl = (given: string): string => {
  const url = new URL(webAddress(given, 'The homeserver'))
  if (url.search === '' && url.hash === '') return url.href.replace(/\/+$/u, '')
  throw new Syn2opError('usage', 'The URL of the homeserver has more than a path behind its host', {
    next: ['Give it as m.homeserver.base_url has it, such as https://matrix.example.org'],
  })
}

const nameOfFlag = (text: string): string => {
  if (SERVER_NAME.test(text)) return text
  throw new Syn2opError('usage', '--server-name is no server name, such as example.org', {
    next: [
      'A server name is the part of Matrix ids behind the colon. A URL is given without --server-name: syn2op readiness https://…',
    ],
  })
}

const serverName = (text: string): string => {
  if (SERVER_NAME.test(text)) return text
  throw new Syn2opError('usage', 'The homeserver is neither a server name, such as example.org, nor a URL', {
    next: ['A server name is the part of Matrix ids behind the colon. A URL begins with https://'],
  })
}
