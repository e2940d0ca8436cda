import type { Backends } from './backends.ts'
import type { Also } from './leases/orphan.ts'
import { type Swept, sweep } from './leases/sweep.ts'

export interface SweepRequest {
  readonly backends: Pick<Backends, 'postgres' | 'keycloak'>
  /** Beside those whose process is dead: all that were kept, or this one. */
  readonly also?: Also
  readonly note: (message: string) => void
  readonly signal: AbortSignal
}

/** Ends what rehearsals have left, also on servers that are given. */
export const sweepRehearsals = async ({ backends, also, note, signal }: SweepRequest): Promise<readonly Swept[]> => {
  const { postgres, keycloak } = backends
  return sweep({
    note,
    signal,
    ...(also === undefined ? {} : { also }),
    ...(postgres === undefined ? {} : { postgres }),
    ...(keycloak === undefined
      ? {}
      : {
          removeRealm: async (realm) => {
            const { removeRealm } = await import('./services/keycloak/remove-realm.ts')
            return removeRealm(keycloak, realm, signal)
          },
          removeOrphanRealms: async (orphans) => {
            const { removeOrphanRealms } = await import('./services/keycloak/remove-orphan-realms.ts')
            return removeOrphanRealms(keycloak, orphans)
          },
        }),
  })
}
