import type { WaitClock } from '../../../postgres/wait-clock.ts'

/** Says which side the copies under way wait for most, since it was last asked. */
export interface CopyBound {
  /** The clock of one more copy. */
  add(clock: WaitClock): void
  /** Undefined where neither was waited for: nothing is copied. */
  look(): 'source' | 'target' | undefined
}

export const copyBound = (): CopyBound => {
  const clocks: WaitClock[] = []
  let before = { source: 0, target: 0 }
  return {
    add: (clock) => void clocks.push(clock),
    look: () => {
      const now = { source: 0, target: 0 }
      for (const clock of clocks) {
        const { source, target } = clock.times()
        now.source += source
        now.target += target
      }
      const source = now.source - before.source
      const target = now.target - before.target
      before = now
      if (source + target === 0) return undefined
      return source >= target ? 'source' : 'target'
    },
  }
}
