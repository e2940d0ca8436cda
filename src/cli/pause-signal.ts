/** Listens for SIGUSR2, by which a run pauses and goes on; systems without it have the file alone. */
export interface PauseSignal {
  /** As PacingRequest wants it. */
  readonly onToggle: (toggle: () => void) => () => void
  readonly dispose: () => void
}

const NOTHING_TO_PAUSE = 'There is nothing to pause by now: only the batches of a migration can wait for one another.'

/**
 * To be called before a run begins: nobody listening, the signal would end the process.
 * @param tell told where no run listens.
 */
export const listenForPause = (tell: (message: string) => void): PauseSignal => {
  const listeners = new Set<() => void>()
  const toggle = (): void => {
    if (listeners.size === 0) tell(NOTHING_TO_PAUSE)
    for (const listener of listeners) listener()
  }
  const isKnown = process.platform !== 'win32'
  if (isKnown) process.on('SIGUSR2', toggle)
  return {
    onToggle: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    dispose: () => {
      if (isKnown) process.off('SIGUSR2', toggle)
    },
  }
}
