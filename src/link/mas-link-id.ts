import { createHash, createHmac } from 'node:crypto'

export interface LinkIdOf {
  /** When the link is made: milliseconds since 1970. */
  readonly asOf: number
  /** The provider's UUID. */
  readonly provider: string
  readonly subject: string
}

/**
 * What makes the identifiers of links, as MAS makes them: a ULID in a uuid column, here as text. Derived like those of all other
 * rows that are written to MAS, so that the same link of the same moment has the same one.
 * @param key the seed of MAS's identifiers: a secret.
 */
export const masLinkIds = (key: Uint8Array): ((link: LinkIdOf) => string) => {
  const seed = createHmac('sha256', key).update('upstream_oauth_links').digest('hex')
  return (link) => masLinkId(seed, link)
}

const masLinkId = (seed: string, { asOf, provider, subject }: LinkIdOf): string => {
  const random = createHash('sha256')
    .update(`${seed}${Buffer.byteLength(provider)}:${provider}${subject}`)
    .digest('hex')
    .slice(0, 20)
  const hex = `${asOf.toString(16).padStart(12, '0')}${random}`
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
