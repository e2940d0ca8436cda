import type { Localparts } from './localparts.ts'
import type { Servers } from './servers.ts'

/** Matrix ids, and whatever stands where one belongs. */
export interface Mxids {
  learn(mxid: string): void
  of(mxid: string): string
}

interface Parts {
  readonly sigil: string
  readonly localpart: string
  /** Absent: there is no colon. */
  readonly server?: string
}

/** Ids of the homeserver stay ids of the homeserver, those of others of others, and what is no id is none still. */
export const maskedMxids = ({
  serverName,
  localparts,
  servers,
}: {
  readonly serverName: string
  readonly localparts: Localparts
  readonly servers: Servers
}): Mxids => {
  const partsOf = (mxid: string): Parts => {
    const sigil = mxid.startsWith('@') ? '@' : ''
    const rest = mxid.slice(sigil.length)
    const own = `:${serverName}`
    if (rest.endsWith(own)) return { sigil, localpart: rest.slice(0, -own.length), server: serverName }
    const colon = rest.indexOf(':')
    if (colon === -1) return { sigil, localpart: rest }
    return { sigil, localpart: rest.slice(0, colon), server: rest.slice(colon + 1) }
  }
  return {
    learn: (mxid) => localparts.learn(partsOf(mxid).localpart),
    of: (mxid) => {
      const { sigil, localpart, server } = partsOf(mxid)
      return `${sigil}${localparts.of(localpart)}${server === undefined ? '' : `:${servers.of(server)}`}`
    },
  }
}
