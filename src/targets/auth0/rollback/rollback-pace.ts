import type { Target } from '../../target.ts'
import type { Auth0Config } from '../config/auth0-config.ts'
import { secondsFor } from '../forecast/request-time.ts'

const MANY = 1000

/** Others may ask the tenant for as much as that. */
const LEAST_PART = 0.5

/** Users in a second, of whom each is read and deleted: as many as the tenant's plan lets in, and not many fewer. */
export const rollbackPace = (config: Pick<Auth0Config, 'plan' | 'rate'>): NonNullable<Target['rollbackPace']> => {
  const most = MANY / secondsFor({ 'users read': MANY, 'users delete': MANY }, config)
  return { least: most * LEAST_PART, most }
}
