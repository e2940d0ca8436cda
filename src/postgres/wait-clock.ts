type Side = 'source' | 'target'

/** Which side copies have waited for, and how long. */
export interface WaitClock {
  /** From now on this side is waited for; undefined: neither. */
  waitFor(side: Side | undefined): void
  /** Milliseconds so far. */
  times(): Readonly<Record<Side, number>>
}

/** For one copy at a time, or for several one after the other. */
export const waitClock = (now: () => number = () => performance.now()): WaitClock => {
  const spent = { source: 0, target: 0 }
  let waitingFor: Side | undefined
  let since = now()
  const count = (): void => {
    const at = now()
    if (waitingFor !== undefined) spent[waitingFor] += at - since
    since = at
  }
  return {
    waitFor: (side) => {
      count()
      waitingFor = side
    },
    times: () => {
      count()
      return { ...spent }
    },
  }
}
