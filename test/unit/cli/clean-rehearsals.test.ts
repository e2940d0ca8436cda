import { describe, expect, it } from 'vitest'
import { requireEnded, tellCleaned } from '../../../src/cli/clean-rehearsals.ts'

describe('what a clean-up came to', () => {
  it('is done where everything has ended, or nothing was there', () => {
    expect(tellCleaned([])).toEqual({ text: 'Nothing is left to be ended on this machine.', code: 0 })
    expect(tellCleaned([{ id: 'a', what: ['a program', 'its files'], left: [] }])).toEqual({
      text: 'Ended the rehearsal a: a program, its files',
      code: 0,
    })
  })

  it('is told as what is left, and worth another try, where something could not be ended', () => {
    const swept = [
      { id: 'a', what: ['a program'], left: ['the realm r: it does not answer'] },
      { id: 'b', what: [], left: ['the database d: name that server again'] },
    ]
    expect(tellCleaned(swept)).toEqual({
      text: [
        'Ended of the rehearsal a: a program',
        'Left of the rehearsal a: the realm r: it does not answer',
        'Left of the rehearsal b: the database d: name that server again',
      ].join('\n'),
      code: 5,
    })
  })

  it('names a rehearsal that may run on another machine, and is no failure for that', () => {
    const alone = 'belongs to another machine, db-7, and may run there'
    expect(tellCleaned([{ id: 'a', what: [], left: [], alone }])).toEqual({
      text: 'The rehearsal a belongs to another machine, db-7, and may run there: it was left alone',
      code: 0,
    })
  })
})

describe('a rehearsal that is asked for by its id', () => {
  const done = { id: 'a', what: ['its files'], left: [] }

  it('is absent only where nothing of it is here', () => {
    expect(() => requireEnded('b', [done])).toThrow('No rehearsal b is left on this machine')
    expect(() => requireEnded('a', [done])).not.toThrow()
  })

  it('is refused, with the reason, where it may live', () => {
    const alone = 'belongs to another machine, db-7, and may run there'
    expect(() => requireEnded('a', [{ id: 'a', what: [], left: [], alone }])).toThrow(
      'The rehearsal a belongs to another machine, db-7, and may run there: it was left alone',
    )
  })
})
