import type { Mapping } from '../../../src/mapping/mapping.ts'

/** All that the fate of a source's rows depends on besides the rows. */
export interface OracleRules {
  readonly serverName: string
  /** Milliseconds since 1970. */
  readonly asOf: number
  readonly mapping: Pick<Mapping, 'accounts' | 'ghosts' | 'providers' | 'emails'>
  /** MAS's providers in the order of its configuration: synapse_idp_id to UUID. */
  readonly providers: Readonly<Record<string, string>>
}

/** Where the identities of one of Synapse's providers go. The lower rank wins where two bring one subject. */
export type ProviderFate =
  | { readonly to: 'leave' }
  | { readonly to: 'provider'; readonly uuid: string; readonly rank: number }

/** By Synapse's own names of its providers: first those that MAS has under the same name, then those that the mapping names. */
export const providerFates = ({ mapping, providers }: OracleRules): ReadonlyMap<string, ProviderFate> => {
  const fates = new Map<string, ProviderFate>()
  for (const [name, uuid] of Object.entries(providers)) {
    if (!(name in mapping.providers)) fates.set(name, { to: 'provider', uuid, rank: fates.size })
  }
  for (const [name, target] of Object.entries(mapping.providers)) {
    const uuid = providers[target]
    if (target === 'leave') fates.set(name, { to: 'leave' })
    else if (uuid !== undefined) fates.set(name, { to: 'provider', uuid, rank: fates.size })
  }
  return fates
}
