import { describe, expect, it } from 'vitest'
import { Syn2opError } from '../../../../../src/errors/syn2op-error.ts'
import type { Job } from '../../../../../src/targets/auth0/api/jobs-api.ts'
import { followJob } from '../../../../../src/targets/auth0/jobs/follow-job.ts'
import { openJobPace } from '../../../../../src/targets/auth0/jobs/job-pace.ts'
import type { Clock } from '../../../../../src/targets/http/clock.ts'

const { signal } = new AbortController()
const MINUTE = 60_000

const jobIn = (status: string, fields: Partial<Job> = {}): Job => ({
  id: 'job_0000000000000001',
  status,
  ...fields,
})

/** A clock on which time passes when somebody waits. */
const patientClock = (): Clock => {
  let now = 0
  return {
    now: () => now,
    sleep: async (ms) => {
      now += ms
    },
  }
}

/** A job that ends at a time, and when it was looked at. */
const jobEnding = (clock: Clock, at: number, end: Job): { look: () => Promise<Job>; readonly at: number[] } => {
  const looks: number[] = []
  return {
    at: looks,
    look: async () => {
      looks.push(clock.now())
      return clock.now() >= at ? end : jobIn('pending')
    },
  }
}

describe('followJob', () => {
  it('looks a few times before a job is expected to end, and notices soon that it has', async () => {
    const clock = patientClock()
    const job = jobEnding(clock, 110_000, jobIn('completed'))
    expect(await followJob({ look: job.look, expected: 100_000, clock, signal })).toMatchObject({ kind: 'completed' })
    expect(job.at[0]).toBe(25_000)
    expect(job.at.filter((at) => at < 80_000).length).toBeLessThan(5)
    expect(clock.now()).toBeLessThan(121_000)
  })

  it('notices early that a job was much faster than expected', async () => {
    const clock = patientClock()
    const job = jobEnding(clock, 1000, jobIn('completed'))
    expect(await followJob({ look: job.look, expected: 100_000, clock, signal })).toMatchObject({ looks: 1 })
    expect(clock.now()).toBe(25_000)
  })

  it('looks seldom enough for a quota of a few requests, and notices the end within a minute', async () => {
    const clock = patientClock()
    const job = jobEnding(clock, 100 * MINUTE, jobIn('completed'))
    const end = await followJob({ look: job.look, expected: 0, clock, signal })
    expect(end.looks).toBeLessThan(150)
    expect(clock.now() - 100 * MINUTE).toBeLessThanOrEqual(MINUTE)
  })

  it('takes a state that it does not know for no end', async () => {
    const clock = patientClock()
    const states = ['pending', 'processing', 'reticulating', 'completed']
    const look = async (): Promise<Job> => jobIn(states.shift() ?? 'completed')
    expect(await followJob({ look, expected: 0, clock, signal })).toMatchObject({ kind: 'completed', looks: 4 })
  })

  it('tells why a job failed, as far as Auth0 says it', async () => {
    const clock = patientClock()
    const because = jobEnding(clock, 0, jobIn('failed', { statusDetails: 'The file is no JSON' }))
    expect(await followJob({ look: because.look, expected: 0, clock, signal })).toMatchObject({
      kind: 'failed',
      words: 'The file is no JSON',
    })
    const silently = jobEnding(clock, 0, jobIn('failed'))
    expect(await followJob({ look: silently.look, expected: 0, clock, signal })).toMatchObject({
      kind: 'failed',
      words: expect.stringContaining('does not say why'),
    })
  })

  it('gives up a job that takes longer than Auth0 lets any, and one that is gone', async () => {
    const clock = patientClock()
    const job = jobEnding(clock, Number.POSITIVE_INFINITY, jobIn('completed'))
    expect(await followJob({ look: job.look, expected: 0, clock, signal })).toMatchObject({ kind: 'lost' })
    expect(clock.now()).toBeGreaterThan(130 * MINUTE)
    expect(clock.now()).toBeLessThan(133 * MINUTE)
    expect(await followJob({ look: async () => undefined, expected: 0, clock, signal })).toMatchObject({ kind: 'lost' })
  })

  it('waits two minutes for an Auth0 that does not answer: the job goes on meanwhile', async () => {
    const silence = new Syn2opError('server.unreachable', 'Auth0 does not answer')
    const briefly = patientClock()
    const look = async (): Promise<Job> => {
      if (briefly.now() < MINUTE) throw silence
      return jobIn('completed')
    }
    expect(await followJob({ look, expected: 0, clock: briefly, signal })).toMatchObject({ kind: 'completed' })
    const long = patientClock()
    const never = followJob({ look: () => Promise.reject(silence), expected: 0, clock: long, signal })
    await expect(never).rejects.toBe(silence)
    expect(long.now()).toBeGreaterThanOrEqual(2 * MINUTE)
  })
})

describe('openJobPace', () => {
  it('begins with what the plan is known to do, and learns from jobs that have ended', () => {
    const pace = openJobPace('free')
    expect(pace.expected(2000)).toBe(500_000)
    for (let jobs = 0; jobs < 10; jobs++) pace.ended({ rows: 2000, milliseconds: 100_000, looks: 3 })
    expect(pace.expected(2000)).toBeGreaterThan(99_000)
    expect(pace.expected(2000)).toBeLessThan(101_000)
  })

  it('expects less where jobs have ended before they are looked at', () => {
    const pace = openJobPace('free')
    const first = pace.expected(100)
    pace.ended({ rows: 100, milliseconds: first, looks: 1 })
    expect(pace.expected(100)).toBeLessThan(first)
  })
})
