import { z } from 'zod'
import { encodedPath } from '../../http/encoded-path.ts'
import { readIfThere } from './answers.ts'
import type { ManagementApi } from './management-api.ts'

/** An application, without its secret. */
export interface PresentClient {
  readonly id: string
  readonly name: string
  /** Such as `password`, or `http://auth0.com/oauth/grant-type/password-realm`. */
  readonly grantTypes: readonly string[]
  /** Such as `client_secret_post`; `none` of applications without a secret. */
  readonly authentication?: string
}

const CLIENT = z
  .object({
    client_id: z.string(),
    name: z.string(),
    grant_types: z.array(z.string()).nullish(),
    token_endpoint_auth_method: z.string().nullish(),
  })
  .transform(
    (client): PresentClient => ({
      id: client.client_id,
      name: client.name,
      grantTypes: client.grant_types ?? [],
      ...(client.token_endpoint_auth_method ? { authentication: client.token_endpoint_auth_method } : {}),
    }),
  )

const FIELDS = 'client_id,name,grant_types,token_endpoint_auth_method'

/** Undefined where there is no such application. */
export const clientById = (api: ManagementApi, id: string, signal: AbortSignal): Promise<PresentClient | undefined> =>
  readIfThere(api, CLIENT, {
    path: encodedPath`clients/${id}`,
    query: { fields: FIELDS, include_fields: true },
    signal,
  })
