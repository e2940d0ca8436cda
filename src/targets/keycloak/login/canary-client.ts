import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { AdminApi } from '../api/admin-api.ts'
import { adminPath } from '../api/admin-path.ts'
import { unexpectedAnswer } from '../api/unexpected-answer.ts'

/** By which clients of ours are known again. */
const PREFIX = 'syn2op-canary-'

const CLIENTS = z.array(z.object({ id: z.string(), clientId: z.string() }))

/** A client of the realm: Keycloak's id of it, and its name. */
export type CanaryClient = z.output<typeof CLIENTS>[number]

/** Seconds: more than any login takes. */
const TOKEN_SECONDS = '60'

/** Milliseconds: after so long nobody tries passwords by it any more. */
const LEFT_AFTER = 10 * 60_000

/** When a client was made, milliseconds since 1970: its name says it. */
const madeAt = (clientId: string): number => Number.parseInt(clientId.slice(PREFIX.length), 36)

/** Clients that trials which were killed have left. */
export const leftCanaryClients = async (api: AdminApi, signal: AbortSignal): Promise<readonly CanaryClient[]> => {
  const request = { method: 'GET', path: 'clients', query: { clientId: PREFIX, search: true } } as const
  const answer = await api.send({ ...request, signal })
  const { data } = answer.status === 200 ? CLIENTS.safeParse(answer.body) : { data: undefined }
  if (data === undefined) throw unexpectedAnswer('GET', 'clients', answer)
  return data.filter(({ clientId }) => clientId.startsWith(PREFIX) && Date.now() - madeAt(clientId) > LEFT_AFTER)
}

/** Keycloak's id and the name of a client that is yet to be made. */
export const newCanaryClient = (): CanaryClient => ({
  id: crypto.randomUUID(),
  clientId: `${PREFIX}${Date.now().toString(36)}-${randomBytes(9).toString('base64url')}`,
})

/** Makes a client by which a password can be tried without a browser, and nothing else: its tokens are good for nothing. */
export const createCanaryClient = async (api: AdminApi, client: CanaryClient, signal: AbortSignal): Promise<void> => {
  const body = {
    ...client,
    name: 'Trial of passwords by syn2op; can be deleted',
    protocol: 'openid-connect',
    publicClient: true,
    directAccessGrantsEnabled: true,
    standardFlowEnabled: false,
    fullScopeAllowed: false,
    defaultClientScopes: [],
    optionalClientScopes: [],
    attributes: { 'access.token.lifespan': TOKEN_SECONDS },
  }
  const answer = await api.send({ method: 'POST', path: 'clients', body, signal })
  if (answer.status !== 201) throw unexpectedAnswer('POST', 'clients', answer)
}

/** Also where it is gone already. */
export const deleteCanaryClient = async (api: AdminApi, { id }: CanaryClient, signal: AbortSignal): Promise<void> => {
  const path = adminPath`clients/${id}`
  const answer = await api.send({ method: 'DELETE', path, signal })
  if (answer.status !== 204 && answer.status !== 404) throw unexpectedAnswer('DELETE', path, answer)
}
