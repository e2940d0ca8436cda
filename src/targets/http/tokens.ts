import { stoppedBy } from './stopped-by.ts'

export interface Tokens {
  /**
   * A token that is good for some time yet: a secret. Whoever asks while one is on its way waits for that one.
   * @throws what asking for one throws
   */
  current(signal: AbortSignal): Promise<string>
  /** This one was refused: it is not given out any more. */
  discard(token: string): void
}

export interface Token {
  /** A secret. */
  readonly text: string
  /** In milliseconds, from when it was asked for. */
  readonly life: number
}

export interface TokenSource {
  /** Asks for a new one. */
  readonly signIn: (signal: AbortSignal) => Promise<Token>
  /** Milliseconds that pass; `performance.now()` unless it is said. */
  readonly now?: () => number
}

/** How long before its end a token is not given out any more, or half its life where that is less. Milliseconds. */
const MARGIN_MS = 15_000

interface Held {
  readonly text: string
  readonly until: number
}

interface Flight {
  readonly token: Promise<Held>
  readonly stop: AbortController
  waiting: number
}

/** One token for everybody. Asking for it ends when nobody waits for it any more. */
export const shareToken = ({ signIn, now = () => performance.now() }: TokenSource): Tokens => {
  let held: Held | undefined
  let flight: Flight | undefined

  const ask = async (signal: AbortSignal): Promise<Held> => {
    const asked = now()
    const { text, life } = await signIn(signal)
    return { text, until: asked + life - Math.min(MARGIN_MS, life / 2) }
  }

  const takeOff = (): Flight => {
    const stop = new AbortController()
    const started: Flight = { token: ask(stop.signal), stop, waiting: 0 }
    started.token.then(
      (token) => {
        if (flight !== started) return
        held = token
        flight = undefined
      },
      () => {
        if (flight === started) flight = undefined
      },
    )
    return started
  }

  const wait = async (joined: Flight, signal: AbortSignal): Promise<Held> => {
    joined.waiting++
    try {
      return await unlessAborted(joined.token, signal)
    } finally {
      joined.waiting--
      if (joined.waiting === 0) {
        if (flight === joined) flight = undefined
        joined.stop.abort()
      }
    }
  }

  return {
    current: async (signal) => {
      signal.throwIfAborted()
      if (held !== undefined && now() < held.until) return held.text
      flight ??= takeOff()
      return (await wait(flight, signal)).text
    },
    discard: (token) => {
      if (held?.text === token) held = undefined
    },
  }
}

/** The promise's outcome, or the signal's reason when that is aborted first. */
const unlessAborted = <Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> =>
  new Promise((resolve, reject) => {
    const abort = (): void => reject(stoppedBy(signal))
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
