/** stable: Matrix 1.15, as Element Web asks. unstable: MSC2967, as Element X and FluffyChat ask. plain: of OpenID alone. */
export type ScopeName = 'stable' | 'unstable' | 'plain'

const PREFIXES = { stable: 'urn:matrix:client', unstable: 'urn:matrix:org.matrix.msc2967.client' } as const

/** Who asks for the scopes so. */
export const SCOPE_USERS = {
  stable: 'Element Web from js-sdk 42 on',
  unstable: 'Element X and FluffyChat',
  plain: 'no Matrix client',
} as const satisfies Record<ScopeName, string>

/** As whom a person is told to log in. */
export const LOGS_IN_AS = {
  stable: 'Element Web',
  unstable: 'Element X',
  plain: 'a client without the scopes of Matrix',
} as const satisfies Record<ScopeName, string>

export const scopeOf = (name: ScopeName, device: string): string =>
  name === 'plain' ? 'openid' : `${PREFIXES[name]}:api:* ${PREFIXES[name]}:device:${device}`

/** What is missing of the scopes that were asked for; without `scope` in the answer they were all given (RFC 6749). */
export const missingScopes = (asked: string, granted: string | undefined): readonly string[] => {
  if (granted === undefined) return []
  const given = new Set(granted.split(' '))
  return asked.split(' ').filter((scope) => !given.has(scope))
}
