import { describe, expect, it } from 'vitest'
import { Syn2opError } from '../../../../../src/errors/syn2op-error.ts'
import type { SubmitAnswer } from '../../../../../src/targets/auth0/api/jobs-api.ts'
import { keepImportNotes } from '../../../../../src/targets/auth0/jobs/import-notes.ts'
import { type Submitted, submitFile } from '../../../../../src/targets/auth0/jobs/submit-file.ts'
import { asUnclear } from '../../../../../src/targets/http/unclear.ts'
import { waitingClock } from '../../../../../src/targets/http/waiting-clock.ts'
import { jumpingClock } from '../api/jumping-clock.ts'

const { signal } = new AbortController()
const BUSY = { kind: 'busy' } as const
const TAKEN = { kind: 'accepted', job: { id: 'job_0000000000000001', status: 'pending' } } as const
const LOST = 'lost' as const

interface Sent {
  readonly submitted: Promise<Submitted>
  /** How often it was sent so far. */
  readonly times: () => number
  /** Milliseconds so far. */
  readonly waited: () => number
}

/** Sends a file to an Auth0 that answers so, each time in turn. */
const sendTo = (answers: readonly (SubmitAnswer | typeof LOST)[]): Sent => {
  const clock = jumpingClock()
  const begun = clock.now()
  let times = 0
  const importing = {
    clock,
    busy: waitingClock(clock.now),
    imports: keepImportNotes(clock),
    submit: async (): Promise<SubmitAnswer> => {
      const answer = answers[times++] ?? TAKEN
      if (answer !== LOST) return answer
      throw asUnclear(new Syn2opError('server.unreachable', 'The connection was ended'))
    },
  }
  const submitted = submitFile(importing, {
    file: Buffer.from('[]'),
    users: ['ada'],
    externalId: 'run-1.0',
    signal,
    mayBegin: () => true,
    sends: () => () => {},
  })
  return { submitted, times: () => times, waited: () => clock.now() - begun }
}

describe('a file to import', () => {
  it('is sent again while its answers are lost, and given up after four in a row', async () => {
    const thrice = sendTo([LOST, LOST, LOST])
    expect(await thrice.submitted).toMatchObject({ kind: 'accepted' })
    expect(thrice.times()).toBe(4)
    const always = sendTo([LOST, LOST, LOST, LOST])
    await expect(always.submitted).rejects.toMatchObject({ code: 'server.unreachable' })
    expect(always.times()).toBe(4)
  })

  it('outlives any number of lost answers over the hours in which it waits for other jobs, since Auth0 answers between them', async () => {
    const hours = sendTo(Array.from({ length: 100 }, () => [BUSY, BUSY, LOST, LOST]).flat())
    expect(await hours.submitted).toMatchObject({ kind: 'accepted' })
    expect(hours.times()).toBe(401)
    expect(hours.waited()).toBeGreaterThan(3 * 3_600_000)
  })
})
