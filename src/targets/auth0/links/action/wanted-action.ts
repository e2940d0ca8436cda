import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Syn2opError } from '../../../../errors/syn2op-error.ts'
import type { NewAction } from '../../api/actions-api.ts'
import type { Auth0Config } from '../../config/auth0-config.ts'

/** By which it is known again in the tenant. */
export const ACTION_NAME = 'syn2op-link-at-first-login'

/** The Action's source, as it is deployed: it lies beside this file, in the sources and in what is built of them. */
export const actionSource = (): Promise<string> =>
  readFile(fileURLToPath(new URL('link-at-first-login.cjs', import.meta.url)), 'utf8')

/** Which connections it looks after. @throws Syn2opError config.invalid where there is none */
export const linkedConnections = ({ providers, files }: Auth0Config): readonly string[] => {
  const connections = providers.filter(({ link }) => link === 'action').map(({ id }) => id)
  if (connections.length > 0) return connections
  throw new Syn2opError('config.invalid', 'No identity provider of auth0.yaml has `link: action`', {
    ...(files[0] === undefined
      ? {}
      : {
          problems: [
            { message: 'nobody of `identity_providers` is linked at the first login', at: { file: files[0] } },
          ],
        }),
    next: ['The Action is for those only; docs/reference/auth0-yaml.md shows how they are named.'],
  })
}

/** The application as which the Action asks the tenant. It needs read:users and update:users, and nothing else. */
export interface ActionClient {
  readonly id: string
  /** A secret. */
  readonly secret: string
}

/**
 * So long after it is deployed the Action lets nobody in whom it does not find: Auth0 says of its search that it is behind what was
 * written, not by how much. Seconds are usual.
 */
const SETTLING_MS = 900_000

/** From when on whoever is found nowhere is a newcomer; milliseconds since 1970. */
export const settledAfter = (deployedAt: number): number => deployedAt + SETTLING_MS

/** In which it was tried: it needs `fetch`, which older ones lack. */
export const ACTION_RUNTIME = 'node22'

/** Holds secrets. @param settledAt see `settledAfter` */
export const wantedAction = async (
  config: Auth0Config,
  { client, settledAt }: { readonly client: ActionClient; readonly settledAt: number },
): Promise<NewAction> => ({
  name: ACTION_NAME,
  code: await actionSource(),
  runtime: ACTION_RUNTIME,
  dependencies: [],
  secrets: [
    { name: 'TENANT_URL', value: config.url },
    { name: 'CLIENT_ID', value: client.id },
    { name: 'CLIENT_SECRET', value: client.secret },
    { name: 'CONNECTIONS', value: linkedConnections(config).join(',') },
    { name: 'SETTLED_AT', value: new Date(settledAt).toISOString() },
  ],
})
