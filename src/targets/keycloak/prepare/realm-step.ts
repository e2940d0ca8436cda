import type { PrepareStep } from './step.ts'

/** A realm as somebody would make it who cares: nobody registers, passwords cannot be guessed for ever, TLS from outside. */
export const newRealm = (realm: string) => ({
  realm,
  enabled: true,
  registrationAllowed: false,
  bruteForceProtected: true,
  sslRequired: 'external',
})

export const realmStep = (realm: string): PrepareStep => ({
  id: 'realm',
  what: `Create the realm ${realm}`,
  why: 'Accounts live in a realm, and this one does not exist.',
  work: { kind: 'create', collection: '//admin/realms', path: '', body: newRealm(realm) },
  keepers: [
    { kind: 'people', words: 'people are in it, and would be deleted with it' },
    { kind: 'contents', words: 'it has what others have made, which would be deleted with it' },
  ],
  notes: [],
})
