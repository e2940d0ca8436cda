import { z } from 'zod'
import { encodedPath } from '../../http/encoded-path.ts'
import { readIfThere } from './answers.ts'
import type { ManagementApi } from './management-api.ts'

/** What somebody may have been given that is no part of their profile, and goes with them. */
export type Given = 'roles' | 'permissions' | 'organizations' | 'authentication methods'

const ANY = z.array(z.unknown())
const METHODS = z.array(z.object({ type: z.string() }))

/** What everybody has who has a password, or an address. */
const OF_EVERYBODY: ReadonlySet<string> = new Set(['password', 'email-verification'])

/** Of nobody nothing. The id is that of the primary, where somebody is linked. */
export const givenTo = async (api: ManagementApi, id: string, signal: AbortSignal): Promise<readonly Given[]> => {
  const has = async (path: string): Promise<boolean> => {
    const some = await readIfThere(api, ANY, { path, query: { per_page: '1' }, signal })
    return some !== undefined && some.length > 0
  }
  const path = encodedPath`users/${id}/authentication-methods`
  const methods = await readIfThere(api, METHODS, { path, query: { per_page: '100' }, signal })
  const given: readonly (readonly [Given, boolean])[] = [
    ['roles', await has(encodedPath`users/${id}/roles`)],
    ['permissions', await has(encodedPath`users/${id}/permissions`)],
    ['organizations', await has(encodedPath`users/${id}/organizations`)],
    ['authentication methods', methods?.some(({ type }) => !OF_EVERYBODY.has(type)) === true],
  ]
  return given.flatMap(([what, isGiven]) => (isGiven ? [what] : []))
}
