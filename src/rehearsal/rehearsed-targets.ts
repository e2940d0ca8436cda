/** Targets that a rehearsal can make and throw away. */
export const REHEARSED_TARGETS = ['mas', 'keycloak', 'auth0'] as const
export type RehearsedTarget = (typeof REHEARSED_TARGETS)[number]

export const isRehearsed = (name: string): name is RehearsedTarget =>
  (REHEARSED_TARGETS as readonly string[]).includes(name)
