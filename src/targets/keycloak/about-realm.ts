import { z } from 'zod'
import { Syn2opError } from '../../errors/syn2op-error.ts'
import type { RealmDefaults } from './accounts/user-import.ts'
import type { AdminApi } from './api/admin-api.ts'
import { GROUP_PATHS } from './api/user-shapes.ts'

/** What of a realm does not change while we work. */
export interface AboutRealm extends RealmDefaults {
  readonly id: string
}

const REALM = z.object({ id: z.string(), defaultRole: z.object({ name: z.string() }) })

export const aboutRealm = async (api: AdminApi, signal: AbortSignal): Promise<AboutRealm> => {
  const realm = await api.send({ method: 'GET', path: '', signal })
  const { data } = REALM.safeParse(realm.body)
  if (data === undefined) throw unknownRealm(api, realm.status)
  const groups = await api.send({ method: 'GET', path: 'default-groups', signal })
  const paths = GROUP_PATHS.safeParse(groups.body).data
  if (paths === undefined) throw unknownRealm(api, groups.status)
  return { id: data.id, defaultRole: data.defaultRole.name, defaultGroups: paths }
}

const unknownRealm = (api: AdminApi, status: number): Syn2opError =>
  new Syn2opError('server.unreachable', `Keycloak answers ${status} when it is asked about the realm ${api.realm}`, {
    next: ["See Keycloak's own log of this moment, and that `url` leads to Keycloak itself."],
  })
