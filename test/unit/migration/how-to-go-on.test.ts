import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { Syn2opError } from '../../../src/errors/syn2op-error.ts'
import { howToGoOn } from '../../../src/migration/rollback/how-to-go-on.ts'

const working = new AbortController().signal

const LOST = new Syn2opError('database.failed', 'The connection was lost', { next: ['See its log'] })

const nextOf = (error: unknown): readonly string[] => (error instanceof Syn2opError ? error.next : ['not known'])

describe('the error of a rollback whose batches stand', () => {
  it('names the run that was the last one when it began, and the flags that were given', () => {
    const command = ['syn2op', 'rollback', 'last', '--used', 'remove']
    const error = howToGoOn(
      LOST,
      { what: 'last', command, signal: working },
      { kind: 'run', runId: '20261121-031500-9f3a' },
    )
    expect(nextOf(error)).toEqual([
      'See its log',
      'What is taken back stays so. Go on with it: syn2op rollback 20261121-031500-9f3a --used remove',
    ])
  })

  it('is the stop, where one was asked for, whatever statement it made fail', () => {
    const cancelled = Object.assign(new pg.DatabaseError('canceling statement', 0, 'error'), { code: '57014' })
    const stopped = { what: 'r1', signal: AbortSignal.abort() }
    const error = howToGoOn(cancelled, stopped, { kind: 'run', runId: 'r1' })
    expect(error).toMatchObject({ code: 'run.interrupted' })
    expect(nextOf(error)).toEqual(['What is taken back stays so. Go on with it: syn2op rollback r1'])
  })

  it('names a cohort as it was typed, be it called last', () => {
    const command = ['syn2op', 'rollback', 'last']
    const error = howToGoOn(LOST, { what: 'last', command, signal: working }, { kind: 'cohort', name: 'last' })
    expect(nextOf(error).at(-1)).toContain('Go on with it: syn2op rollback last')
  })
})
