import {
  READINESS_DEEDS,
  type ReadinessAbility,
  type ReadinessClientKind,
  type ReadinessDeed,
} from '../../report/readiness-document.ts'

/** Of all clients of a kind together. some: a part of them can, of another it is not so or not known. */
export type KindCan = 'yes' | 'some' | 'no' | 'unknown' | 'never'

export interface KindAbility {
  readonly kind: ReadinessClientKind
  readonly deed: ReadinessDeed
  readonly can: KindCan
}

const KINDS: readonly ReadinessClientKind[] = ['OIDC-native', 'OIDC-aware', 'legacy']

/** Each kind with each deed, kind by kind. */
export const kindsOf = (abilities: readonly ReadinessAbility[]): readonly KindAbility[] =>
  KINDS.flatMap((kind) =>
    READINESS_DEEDS.map((deed) => ({
      kind,
      deed,
      can: together(abilities.filter((one) => one.kind === kind && one.deed === deed)),
    })),
  )

/** Clients that never do it say nothing about the servers. */
const together = (abilities: readonly ReadinessAbility[]): KindCan => {
  const cans = new Set(abilities.map(({ can }) => can).filter((can) => can !== 'never'))
  const [only] = cans
  if (only === undefined) return abilities.length === 0 ? 'unknown' : 'never'
  if (cans.size === 1) return only
  return cans.has('yes') ? 'some' : 'unknown'
}
