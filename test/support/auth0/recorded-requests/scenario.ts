import { hashSync } from 'bcryptjs'
import type { Received } from '../../../../src/rehearsal/standins/auth0/http.ts'
import type { Auth0Provider } from '../../../../src/targets/auth0/config/auth0-config.ts'
import { accountOf, PEPPER } from '../migration.ts'
import type { Seat } from './as-trial.ts'

/** Something that the program does at a tenant. `watch` is given what it sends. Within a test: what is opened is closed with that. */
export type Scenario = (watch: (received: Received) => void) => Promise<Seat>

/** Searches see what was written some seconds later. */
export const LONG_AFTER_MS = 60_000

export const COMPANY: Auth0Provider = {
  id: 'company',
  authProvider: 'oidc-company',
  strategy: 'oidc',
  link: 'action',
}

/** Passwords of people who move are as Synapse keeps them: the password and the pepper, hashed. */
export const PASSWORD = 'Correct-horse-9'
const COST = 4

export const anna = accountOf('anna', {
  attributes: { given_name: 'Anna', family_name: 'Ahrens', name: 'Anna Ahrens', nickname: 'anna' },
  passwordHash: hashSync(PASSWORD + PEPPER, COST),
})
/** Of Clara at the company. */
export const SUBJECT = '4711'

export const clara = accountOf('clara', {
  identities: [{ authProvider: COMPANY.authProvider, providerId: COMPANY.id, subject: SUBJECT }],
})
export const berta = accountOf('berta', { isLocked: true })
