import { v5 } from 'uuid'
import type { LeftRelations } from '../../accounts/decisions/rules.ts'
import type { TargetProvider } from '../../mapping/provider-rules.ts'
import type { Target } from '../../targets/target.ts'

/** What the target of the logins takes beside each account. */
const LOGINS: LeftRelations = { password: 'moves_to_other_target', external_id: 'moves_to_other_target' }

/** The target of the logins: what stays in Synapse where it is filled alone goes to the other one here. */
export const toLogins = (target: Target): Target => ({
  ...target,
  leaves: Object.fromEntries(
    Object.keys(target.leaves ?? {}).map((relation) => [relation, 'moves_to_other_target']),
  ) satisfies LeftRelations,
})

/**
 * The target of everything else. Nobody logs in there by a password or by a provider of its own: what it is to know of these is
 * the other one's affair, and who has a way in is told by the other one's providers.
 */
export const toAccounts = (target: Target, providers: readonly TargetProvider[]): Target => {
  const { shut: _, ...open } = target
  return {
    ...open,
    leaves: { ...target.leaves, ...LOGINS },
    // Kept apart by ids of the form that the target's own have: none of them is ever written.
    providers: providers.map(({ id, authProvider }) => ({ id: v5(id, v5.URL), authProvider })),
    check: (check) => target.check({ ...check, passwords: 0, providersInUse: [] }),
  }
}
