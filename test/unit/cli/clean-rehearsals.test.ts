import { describe, expect, it } from 'vitest'
import { tellCleaned } from '../../../src/cli/clean-rehearsals.ts'

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
})
