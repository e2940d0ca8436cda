import { existsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import type { Pause } from './pause.ts'

/** A pause that a person switches on and off: by a file that is there or not, or by `toggle`. */
export interface PauseSwitch extends Pause {
  /** Makes the file, or removes it; where that fails, and where there is none, the pause holds all the same. */
  toggle(): Promise<void>
  /** Looks no more, and leaves no file behind: a run that has ended does not rest. */
  end(): Promise<void>
}

const LOOK_MS = 250

/**
 * @param file looked for a few times a second; where it is there already, the pause has begun. undefined: `toggle` alone
 *   switches.
 */
export const pauseSwitch = (file: string | undefined): PauseSwitch => {
  const listeners = new Set<() => void>()
  let held = false
  const isThere = (): boolean => file !== undefined && existsSync(file)
  let seen = isThere()
  const look = (): void => {
    const now = held || isThere()
    if (now === seen) return
    seen = now
    for (const listener of listeners) listener()
  }
  const remove = async (): Promise<void> => {
    if (file !== undefined) await rm(file, { force: true }).catch(() => {})
  }
  const timer = setInterval(look, LOOK_MS)
  timer.unref()
  return {
    isPaused: () => seen,
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    toggle: async () => {
      const pauses = !seen
      held = pauses
      if (!pauses) await remove()
      else if (file !== undefined) await writeFile(file, '', { mode: 0o600 }).catch(() => {})
      // The file alone says it from here on, so that removing it is enough.
      if (isThere()) held = false
      look()
    },
    end: async () => {
      clearInterval(timer)
      listeners.clear()
      await remove()
    },
  }
}
