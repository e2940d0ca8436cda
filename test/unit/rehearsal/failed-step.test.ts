import { describe, expect, it } from 'vitest'
import { Syn2opError } from '../../../src/errors/syn2op-error.ts'
import { failedStep } from '../../../src/rehearsal/failed-step.ts'

const URL_WITH_SECRET = 'postgresql://synapse:hunter2@db/synapse'

describe('a step that failed, as reports tell it', () => {
  it('has no password of a URL in it, whichever part of the error names it', () => {
    const error = new Syn2opError('database.refused', `${URL_WITH_SECRET} does not answer`, {
      problems: [{ message: `${URL_WITH_SECRET}: refused` }],
      next: [`psql ${URL_WITH_SECRET}`],
    })
    const told = failedStep('migrate', error)
    expect(JSON.stringify(told)).not.toContain('hunter2')
    expect(told.problems?.[0]).toContain('@db/synapse')
    expect(told.next?.[0]).toContain('@db/synapse')
  })

  it('tells only the name of an error that nobody foresaw', () => {
    expect(failedStep('verify', new TypeError('secret'))).toEqual({
      step: 'verify',
      code: 'internal',
      message: 'TypeError',
    })
  })
})
