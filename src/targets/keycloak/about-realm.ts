import { z } from 'zod'
import { Syn2opError } from '../../errors/syn2op-error.ts'
import type { AdminApi } from './api/admin-api.ts'

/** What of a realm does not change while we work. */
export interface AboutRealm {
  readonly id: string
  /** What Keycloak gives to everybody who registers; partialImport gives only what it is told. */
  readonly defaultRole: string
}

const REALM = z.object({ id: z.string(), defaultRole: z.object({ name: z.string() }) })

export const aboutRealm = async (api: AdminApi, signal: AbortSignal): Promise<AboutRealm> => {
  const { status, body } = await api.send({ method: 'GET', path: '', signal })
  const realm = REALM.safeParse(body).data
  if (realm !== undefined) return { id: realm.id, defaultRole: realm.defaultRole.name }
  throw new Syn2opError(
    'server.unreachable',
    `Keycloak answers ${status} when it is asked about the realm ${api.realm}`,
    {
      next: ["See Keycloak's own log of this moment, and that `url` leads to Keycloak itself."],
    },
  )
}

const SERVER = z.object({ systemInfo: z.object({ version: z.string() }) })

/** Keycloak's version; undefined where the client may not see it. */
export const serverVersion = async (api: AdminApi, signal: AbortSignal): Promise<string | undefined> => {
  const { body } = await api.send({ method: 'GET', path: '//admin/serverinfo', signal })
  return SERVER.safeParse(body).data?.systemInfo.version
}
