import type { Answer } from './answer.ts'
import type { Entrance } from './management-token.ts'
import type { Tenant } from './tenant.ts'

/** As inbound SCIM refuses (RFC 7644 §3.12). */
export const scimRefusal = (status: number, detail: string, scimType?: string): Answer => ({
  status,
  headers: { 'content-type': 'application/scim+json; charset=utf-8' },
  body: {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status: String(status),
    detail,
    ...(scimType === undefined ? {} : { scimType }),
  },
})

/** Lets in who has a token of this connection's SCIM. */
export const enterScim = (
  tenant: Pick<Tenant, 'connections' | 'clock'>,
  connectionId: string,
  authorization: string | undefined,
): Entrance => {
  const token = authorization?.startsWith('Bearer ') === true ? authorization.slice('Bearer '.length) : undefined
  const tokens = tenant.connections.get(connectionId)?.scim?.tokens.values() ?? []
  const found = [...tokens].find(
    (each) => each.token === token && (each.validUntil === undefined || tenant.clock.now() < each.validUntil),
  )
  if (found === undefined) return { refused: scimRefusal(401, 'The token of the connection is missing or wrong.') }
  found.lastUsedAt = tenant.clock.now()
  return { scopes: new Set(found.scopes) }
}
