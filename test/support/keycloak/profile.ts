import { z } from 'zod'
import type { TestRealm } from './realm.ts'

const PROFILE = z.looseObject({ attributes: z.array(z.looseObject({ name: z.string() })) })

/** What syn2op notes of users, and where it holds addresses for which Keycloak has no field. */
const OURS = ['syn2op_server', 'syn2op_run', 'syn2op_written', 'emails', 'phones']

/** Declares our attributes, and others, for administrators: others are hidden in every answer. */
export const declareAttributes = async (realm: TestRealm, others: readonly string[] = []): Promise<void> => {
  const profile = await realm.admin.get('users/profile', PROFILE)
  const permissions = { view: ['admin'], edit: ['admin'] }
  const added = [...OURS, ...others].map((name) => ({ name, permissions, multivalued: true }))
  await realm.admin.put('users/profile', { ...profile, attributes: [...profile.attributes, ...added] })
}
