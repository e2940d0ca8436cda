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
const UNSENT = 'unsent' as const
const REFUSED_FOR_LONG = 'come back later' as const

type Answer = SubmitAnswer | typeof LOST | typeof UNSENT | typeof REFUSED_FOR_LONG

const errorOf = (answer: Exclude<Answer, SubmitAnswer>): Error => {
  const later = answer === REFUSED_FOR_LONG ? { retryAfter: 60_000 } : {}
  const error = new Syn2opError('server.unreachable', `The answer is ${answer}`, later)
  return answer === LOST ? asUnclear(error) : error
}

interface Sent {
  readonly submitted: Promise<Submitted>
  /** How often it was sent so far. */
  readonly times: () => number
  /** Milliseconds so far. */
  readonly waited: () => number
  /** How often it was said that Auth0 has certainly not taken it. */
  readonly takenBack: () => number
  /** How many imports of it may be at work. */
  readonly open: () => Promise<number>
}

/** Sends a file to an Auth0 that answers so, each time in turn. */
const sendTo = (answers: readonly Answer[]): Sent => {
  const clock = jumpingClock()
  const begun = clock.now()
  let times = 0
  let takenBack = 0
  const imports = keepImportNotes(clock)
  const importing = {
    clock,
    busy: waitingClock(clock.now),
    imports,
    submit: async (): Promise<SubmitAnswer> => {
      const answer = answers[times++] ?? TAKEN
      if (typeof answer === 'string') throw errorOf(answer)
      return answer
    },
  }
  const submitted = submitFile(importing, {
    file: Buffer.from('[]'),
    users: ['ada'],
    externalId: 'run-1.0',
    signal,
    mayBegin: () => true,
    sends: () => () => takenBack++,
  })
  return {
    submitted,
    times: () => times,
    waited: () => clock.now() - begun,
    takenBack: () => takenBack,
    open: async () => (await imports.open()).length,
  }
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

  it('is sent again where no connection could be made, of which nothing can have come', async () => {
    const unsent = sendTo([UNSENT, UNSENT, BUSY, UNSENT, UNSENT, UNSENT])
    expect(await unsent.submitted).toMatchObject({ kind: 'accepted' })
    expect(unsent.takenBack()).toBe(6)
    expect(await unsent.open()).toBe(1)
    const never = sendTo(Array.from({ length: 9 }, () => UNSENT))
    await expect(never.submitted).rejects.toMatchObject({ code: 'server.unreachable' })
    expect(never.times()).toBe(4)
    expect(await never.open()).toBe(0)
  })

  it('is not sent again at once to an Auth0 that asks to be left alone', async () => {
    const later = sendTo([REFUSED_FOR_LONG])
    await expect(later.submitted).rejects.toMatchObject({ retryAfter: 60_000 })
    expect(later.times()).toBe(1)
  })
})
