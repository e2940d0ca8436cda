import type { Tenant } from '../tenant.ts'

/** Milliseconds that the deletion of a connection goes on after its answer, for each of its users. Auth0 names no time. */
const FOR_EACH_USER = 100

/** By name, until when. */
const going = new WeakMap<Tenant, Map<string, number>>()

/** The name of a connection that is deleted with so many users stays taken for a while. */
export const noteDeletion = (tenant: Tenant, name: string, users: number): void => {
  const names = going.get(tenant) ?? new Map<string, number>()
  going.set(tenant, names)
  names.set(name, tenant.clock.now() + users * FOR_EACH_USER)
}

/** Whether a connection of this name is still being deleted. */
export const isBeingDeleted = (tenant: Tenant, name: string): boolean =>
  tenant.clock.now() < (going.get(tenant)?.get(name) ?? 0)
