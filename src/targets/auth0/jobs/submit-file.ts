import { isUnclear } from '../../http/unclear.ts'
import type { SubmitAnswer } from '../api/jobs-api.ts'
import type { Importing } from './importing.ts'

export interface FileToSubmit {
  /** Holds secrets. */
  readonly file: Buffer
  /** By which the tenant's administrators find it among their jobs. */
  readonly externalId: string
  readonly signal: AbortSignal
}

/** So often a file is sent whose answer was lost, or over which Auth0 failed. */
const TRIES = 4

const FIRST_PAUSE_MS = 1000

/** Other jobs of the tenant may take hours. */
const LONGEST_PAUSE_MS = 60_000

/**
 * Sends a file until it is taken. Sent twice it does no harm: whoever was made by the first is refused by the second. As long as other
 * jobs of the tenant are at work it is waited for them.
 * @throws Syn2opError server.unreachable
 */
export const submitFile = async (
  importing: Importing,
  { file, externalId, signal }: FileToSubmit,
): Promise<Exclude<SubmitAnswer, { readonly kind: 'busy' }>> => {
  const { clock, busy } = importing
  let pause = FIRST_PAUSE_MS
  const wait = async (): Promise<void> => {
    await clock.sleep(pause, signal)
    pause = Math.min(LONGEST_PAUSE_MS, pause * 2)
  }
  for (let lost = 0; ; ) {
    try {
      const answer = await importing.submit(file, externalId, signal)
      if (answer.kind !== 'busy') return answer
    } catch (error) {
      if (!isUnclear(error) || ++lost === TRIES) throw error
      await wait()
      continue
    }
    busy.begin()
    try {
      await wait()
    } finally {
      busy.end()
    }
  }
}
