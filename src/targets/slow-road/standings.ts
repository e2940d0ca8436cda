import type { Name } from './name.ts'

/**
 * Whether whoever has a name gives it up. `later`: that is not known before they have had their turn.
 */
export type Standing = 'gives' | 'later' | 'keeps'

/** A name that somebody is to get, and another has. */
export interface Need {
  readonly name: Name
  /** The id of the user who has it. */
  readonly holder: string
  /** Of a holder who is not of the batch. */
  readonly otherwise: Standing
  /** Where it is not given up, it is left, and all else is done. */
  readonly isLeft: boolean
}

/** What one account of a batch does to names, if nothing is in its way. */
export interface Mover {
  readonly id: string
  readonly gives: ReadonlySet<Name>
  readonly needs: readonly Need[]
}

/**
 * Who has a name, among accounts that are written together: whoever is to give it up does so unless somebody else's is in their
 * own way, and then nobody gets theirs. Accounts in a ring all move.
 */
export const standingsOf = (movers: readonly Mover[]): ((need: Need) => Standing) => {
  const byId = new Map(movers.map((mover) => [mover.id, mover]))
  const stays = new Map<string, Standing>()
  const standing = ({ name, holder, otherwise }: Need): Standing => {
    const mover = byId.get(holder)
    if (mover === undefined) return otherwise
    return mover.gives.has(name) ? (stays.get(holder) ?? 'gives') : 'keeps'
  }
  const stay = ({ needs }: Mover): Standing => {
    const all = needs.map((need) => [need, standing(need)] as const)
    if (all.some(([{ isLeft }, of]) => of === 'keeps' && !isLeft)) return 'keeps'
    return all.some(([, of]) => of === 'later') ? 'later' : 'gives'
  }
  for (let isSettled = false; !isSettled; ) {
    isSettled = true
    for (const mover of movers) {
      const now = stay(mover)
      if (now === (stays.get(mover.id) ?? 'gives')) continue
      stays.set(mover.id, now)
      isSettled = false
    }
  }
  return standing
}
