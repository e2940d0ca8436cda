import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { Syn2opError } from '../../../../src/errors/syn2op-error.ts'
import { resumable } from '../../../../src/migration/pacing/ended-early.ts'

const GO_ON = 'Go on with it: syn2op migrate --online --resume'

const request = (signal: AbortSignal) => ({ signal, command: ['syn2op', 'migrate', '--online'] })

const working = new AbortController().signal
const stopped = AbortSignal.abort()

const serverSays = (code: string, message: string): pg.DatabaseError =>
  Object.assign(new pg.DatabaseError(message, 0, 'error'), { code })

const known = (error: unknown): Syn2opError => {
  if (!(error instanceof Syn2opError)) throw new Error('It is not an error of the catalogue', { cause: error })
  return error
}

describe('the error of a run whose batches stand', () => {
  it.each([
    ['57P01', 'terminating connection due to administrator command', 'database.failed'],
    ['57014', 'canceling statement due to user request', 'database.failed'],
    ['25P03', 'terminating connection due to idle-in-transaction timeout', 'database.failed'],
    ['40001', 'could not serialize access', 'database.failed'],
    ['XX001', 'invalid page in block 7 of relation base/5/16384', 'database.failed'],
    ['42501', 'permission denied for table users', 'database.not-allowed'],
  ])('of a server (%s) is in its words, with the command that goes on', (state, words, code) => {
    const error = known(resumable(serverSays(state, words), request(working), 'r1'))
    expect(error.code).toBe(code)
    expect(error.message).toContain(`${words} (${state})`)
    expect(error.next.at(-1)).toContain(GO_ON)
  })

  it('quotes no value of a row', () => {
    const error = known(resumable(serverSays('22P02', 'invalid input: "hash"'), request(working), 'r1'))
    expect(JSON.stringify([error.message, error.next])).not.toContain('hash')
  })

  it('of a stop is the stop, whatever statement it made fail', () => {
    const error = known(resumable(serverSays('57014', 'canceling statement'), request(stopped), 'r1'))
    expect(error.code).toBe('run.interrupted')
    expect(error.next).toEqual([expect.stringContaining(GO_ON)])
  })

  it('of our own stays as it is: nobody knows whether going on is right', () => {
    const error = new TypeError('x is no function')
    expect(resumable(error, request(working), 'r1')).toBe(error)
  })
})
