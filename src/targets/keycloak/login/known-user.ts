import { z } from 'zod'
import { parseJson } from '../../http/json.ts'
import type { AdminApi } from '../api/admin-api.ts'
import { adminPath } from '../api/admin-path.ts'
import type { PresentUser } from '../api/users-api.ts'
import { isAskedAtLogin } from '../check/profile-questions.ts'
import { USER_PROFILE } from '../check/seen.ts'
import { CREDENTIALS, type RefusedUser } from './refusal.ts'

const FIELDS = z.object({
  email: z.string().optional(),
  firstName: z.string().optional(),
  lastName: z.string().optional(),
})
const LOCKED_OUT = z.object({ disabled: z.boolean() })
const FLOW = z.object({ directGrantFlow: z.string() })
const ALGORITHM = z.object({ algorithm: z.string() })

/** Looks up what may explain a refusal. What the client may not read is taken as Keycloak makes it. */
export const lookAtRefused = async (api: AdminApi, user: PresentUser, signal: AbortSignal): Promise<RefusedUser> => {
  const read = async <Shape extends z.ZodType>(path: string, shape: Shape): Promise<z.output<Shape> | undefined> =>
    shape.safeParse((await api.send({ method: 'GET', path, signal })).body).data
  const fields = await read(adminPath`users/${user.id}`, FIELDS)
  const profile = await read('users/profile', USER_PROFILE)
  const has = (name: string): boolean =>
    name === 'username' ||
    Object.hasOwn(user.attributes, name) ||
    Object.entries(fields ?? {}).some(([field, value]) => field === name && value !== '')
  const credentials = (await read(adminPath`users/${user.id}/credentials`, CREDENTIALS)) ?? []
  return {
    user,
    credentials: credentials.map(({ type, credentialData }) => {
      const algorithm = ALGORITHM.safeParse(parseJson(credentialData ?? '')).data?.algorithm
      return { type, ...(algorithm === undefined ? {} : { algorithm }) }
    }),
    lacks: (profile?.attributes ?? []).filter((one) => isAskedAtLogin(one) && !has(one.name)).map(({ name }) => name),
    isLockedOut: (await read(adminPath`attack-detection/brute-force/users/${user.id}`, LOCKED_OUT))?.disabled ?? false,
    flow: (await read('', FLOW))?.directGrantFlow ?? 'direct grant',
  }
}
