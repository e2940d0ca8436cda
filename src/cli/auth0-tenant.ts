import type { Settings } from '../config/settings.ts'
import { Syn2opError } from '../errors/syn2op-error.ts'
import type { Auth0Config } from '../targets/auth0/config/auth0-config.ts'
import { targetNamed } from './targets.ts'

/** Secrets that need not be in a file. */
const CLIENT_SECRET = 'SYN2OP_AUTH0_CLIENT_SECRET'
const APPLICATION_SECRET = 'SYN2OP_AUTH0_APPLICATION_SECRET'

/**
 * Reads auth0.yaml, with the secrets that the environment has.
 * @throws Syn2opError config.invalid, config.unreadable
 */
export const auth0ConfigOf = async (files: readonly string[]): Promise<Auth0Config> => {
  const { loadAuth0Config } = await import('../targets/auth0/config/load-auth0-config.ts')
  const { [CLIENT_SECRET]: client, [APPLICATION_SECRET]: application } = process.env
  return loadAuth0Config(files, {
    secrets: {
      ...(client ? { client } : {}),
      ...(application ? { application } : {}),
    },
  })
}

/**
 * For commands that are about the tenant alone.
 * @throws Syn2opError usage where nobody says where auth0.yaml is; as `auth0ConfigOf`
 */
export const auth0Tenant = (settings: Settings): Promise<Auth0Config> => {
  const files = targetNamed(settings, 'auth0').config?.value
  if (files !== undefined) return auth0ConfigOf(files)
  throw new Syn2opError('usage', 'Nobody says where the auth0.yaml of your tenant is', {
    next: ['Give it with `--target-config FILE`, or in syn2op.yaml.'],
  })
}
