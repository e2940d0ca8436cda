import { z } from 'zod'
import { Syn2opError } from '../../../errors/syn2op-error.ts'
import { encodedPath } from '../../http/encoded-path.ts'
import { type MadeAnswer, make, read, readIfThere, type WriteAnswer, write } from './answers.ts'
import type { ManagementApi } from './management-api.ts'

export interface PresentConnection {
  /** `con_…`. */
  readonly id: string
  readonly name: string
  /** `auth0` is a database connection. */
  readonly strategy: string
  /**
   * As Auth0 has them, since whoever changes one sends them all. They can hold secrets of an identity provider. Absent: the client
   * may not read them, which says nothing of what they are.
   */
  readonly options?: Readonly<Record<string, unknown>>
}

const isNothing = (value: unknown): value is null | undefined => value === undefined || value === null

const CONNECTION = z
  .object({
    id: z.string(),
    name: z.string(),
    strategy: z.string(),
    options: z.record(z.string(), z.unknown()).nullish(),
  })
  .transform(({ options, ...rest }): PresentConnection => ({ ...rest, ...(isNothing(options) ? {} : { options }) }))

const CONNECTIONS = z.union([
  z.array(CONNECTION),
  z.object({ connections: z.array(CONNECTION) }).transform(({ connections }) => connections),
])

/** Undefined where there is no such connection. */
export const connectionByName = async (
  api: ManagementApi,
  name: string,
  signal: AbortSignal,
): Promise<PresentConnection | undefined> => {
  const found = await read(api, CONNECTIONS, { path: 'connections', query: { name }, signal })
  return found.find((connection) => connection.name === name)
}

/** @throws Syn2opError target.not-allowed where the client may not read them */
export const optionsOf = ({ name, options }: PresentConnection): NonNullable<PresentConnection['options']> => {
  if (options !== undefined) return options
  throw new Syn2opError('target.not-allowed', `Auth0 does not tell the client the options of the connection ${name}`, {
    next: [
      'Give it the scope read:connections_options, in the Dashboard under Applications, APIs, Auth0 Management API, Machine to Machine Applications.',
    ],
  })
}

export const createConnection = (
  api: ManagementApi,
  connection: Required<Pick<PresentConnection, 'name' | 'strategy' | 'options'>>,
  signal: AbortSignal,
): Promise<MadeAnswer<PresentConnection>> =>
  make(api, CONNECTION, { method: 'POST', path: 'connections', body: connection, signal })

/** In the place of all options that there are: send back what was read, changed. */
export const replaceOptions = (
  api: ManagementApi,
  id: string,
  options: NonNullable<PresentConnection['options']>,
  signal: AbortSignal,
): Promise<WriteAnswer> =>
  write(api, { method: 'PATCH', path: encodedPath`connections/${id}`, body: { options }, signal })

/** With everybody in it. */
export const deleteConnection = (api: ManagementApi, id: string, signal: AbortSignal): Promise<WriteAnswer> =>
  write(api, { method: 'DELETE', path: encodedPath`connections/${id}`, signal })

const CLIENTS = z.object({ clients: z.array(z.object({ client_id: z.string() })), next: z.string().nullish() })

/** Ids of the applications that may use a connection. Undefined where there is no such connection. */
export const enabledClients = async (
  api: ManagementApi,
  id: string,
  signal: AbortSignal,
): Promise<readonly string[] | undefined> => {
  const ids: string[] = []
  let from: string | undefined
  do {
    const query = from === undefined ? {} : { query: { from } }
    const page = await readIfThere(api, CLIENTS, { path: encodedPath`connections/${id}/clients`, ...query, signal })
    if (page === undefined) return undefined
    ids.push(...page.clients.map(({ client_id: client }) => client))
    from = page.next ?? undefined
  } while (from !== undefined)
  return ids
}

/** Lets applications use a connection, or not any more; the others stay as they are. */
export const enableClients = (
  api: ManagementApi,
  id: string,
  clients: readonly { readonly id: string; readonly enabled: boolean }[],
  signal: AbortSignal,
): Promise<WriteAnswer> =>
  write(api, {
    method: 'PATCH',
    path: encodedPath`connections/${id}/clients`,
    body: clients.map(({ id: client, enabled }) => ({ client_id: client, status: enabled })),
    signal,
  })
