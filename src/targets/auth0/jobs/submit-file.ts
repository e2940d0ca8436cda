import { isUnclear } from '../../http/unclear.ts'
import type { SubmitAnswer } from '../api/jobs-api.ts'
import { mayPassSoon } from '../api/may-pass-soon.ts'
import type { Noted } from './import-notes.ts'
import type { Importing } from './importing.ts'

export interface FileToSubmit {
  /** Holds secrets. */
  readonly file: Buffer
  /** The ids of those whom it makes. */
  readonly users: readonly string[]
  /** By which the tenant's administrators find it among their jobs. */
  readonly externalId: string
  readonly signal: AbortSignal
  /** Asked as long as other jobs of the tenant are at work: the file is still to be begun. */
  readonly mayBegin: () => boolean
  /** Told before each time that it is sent. @returns called where Auth0 has not taken it that time */
  readonly sends: () => () => void
}

/** So often in a row a file is sent to which no answer comes, or over which Auth0 fails: any other answer says that it can be asked. */
const TRIES = 4

const FIRST_PAUSE_MS = 1000

/** Other jobs of the tenant may take hours. */
const LONGEST_PAUSE_MS = 60_000

/** How often it is looked, while they do, whether the file is still to be begun. */
const LOOK_MS = 5000

/** `noted`: what is written down of the job, until it has ended. `not begun`: it is not to be sent any more. */
export type Submitted =
  | (Extract<SubmitAnswer, { readonly kind: 'accepted' }> & { readonly noted: Pick<Noted, 'ended'> })
  | Exclude<SubmitAnswer, { readonly kind: 'busy' | 'accepted' }>
  | { readonly kind: 'not begun' }

/**
 * Sends a file until it is taken. Sent twice it does no harm: whoever was made by the first is refused by the second. As long as other
 * jobs of the tenant are at work it is waited for them, until it may not be begun any more. Each time it is written down before: a job may come of it whose answer is lost.
 * @throws Syn2opError server.unreachable
 */
export const submitFile = async (
  importing: Pick<Importing, 'clock' | 'busy' | 'imports' | 'submit'>,
  { file, users, externalId, signal, mayBegin, sends }: FileToSubmit,
): Promise<Submitted> => {
  const { clock, busy, imports } = importing
  let pause = FIRST_PAUSE_MS
  const wait = async (isWanted: () => boolean): Promise<void> => {
    for (let left = pause; left > 0 && isWanted(); left -= LOOK_MS) await clock.sleep(Math.min(left, LOOK_MS), signal)
    pause = Math.min(LONGEST_PAUSE_MS, pause * 2)
  }
  for (let lost = 0; ; ) {
    const noted = await imports.sending({ externalId, users })
    const takeBack = sends()
    const answer = await importing.submit(file, externalId, signal).catch((error: unknown) => ({ error }))
    if ('error' in answer) {
      const { error } = answer
      // What the stop cut off may have arrived.
      const isUndone = !isUnclear(error) && !signal.aborted
      if (isUndone) await noted.ended()
      if (signal.aborted || !mayPassSoon(error) || ++lost === TRIES) throw error
      if (isUndone) takeBack()
      await wait(() => true)
      continue
    }
    lost = 0
    if (answer.kind === 'accepted') {
      await noted.accepted(answer.job.id)
      return { ...answer, noted }
    }
    await noted.ended()
    if (answer.kind !== 'busy') return answer
    takeBack()
    busy.begin()
    try {
      await wait(mayBegin)
    } finally {
      busy.end()
    }
    if (!mayBegin()) return { kind: 'not begun' }
  }
}
