export interface WaitingClock {
  begin(): void
  end(): void
  /** In which at least one wait was going on: two at once count once. */
  milliseconds(): number
}

/** @param now in milliseconds, on a clock that never goes back */
export const waitingClock = (now: () => number = () => performance.now()): WaitingClock => {
  let going = 0
  let since = 0
  let total = 0
  return {
    begin: () => {
      if (going === 0) since = now()
      going++
    },
    end: () => {
      going--
      if (going === 0) total += now() - since
    },
    milliseconds: () => total + (going === 0 ? 0 : now() - since),
  }
}
