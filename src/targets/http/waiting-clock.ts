export interface WaitingClock {
  begin(): void
  end(): void
  /** In which at least one wait was going on: two at once count once. */
  milliseconds(): number
}

export const waitingClock = (): WaitingClock => {
  let going = 0
  let since = 0
  let total = 0
  return {
    begin: () => {
      if (going === 0) since = performance.now()
      going++
    },
    end: () => {
      going--
      if (going === 0) total += performance.now() - since
    },
    milliseconds: () => total + (going === 0 ? 0 : performance.now() - since),
  }
}
