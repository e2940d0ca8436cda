import { describe, expect, it } from 'vitest'
import { tooManyRejected } from '../../../../src/migration/pacing/rejections.ts'

describe('too many rejected', () => {
  it('a number: more than it', () => {
    expect(tooManyRejected({ count: 3 }, { attempted: 10, rejected: 3 })).toBe(false)
    expect(tooManyRejected({ count: 3 }, { attempted: 10, rejected: 4 })).toBe(true)
    expect(tooManyRejected({ count: 0 }, { attempted: 1, rejected: 1 })).toBe(true)
  })

  it('a share: more than it, of fifty attempts or more', () => {
    expect(tooManyRejected({ percent: 10 }, { attempted: 49, rejected: 49 })).toBe(false)
    expect(tooManyRejected({ percent: 10 }, { attempted: 50, rejected: 5 })).toBe(false)
    expect(tooManyRejected({ percent: 10 }, { attempted: 50, rejected: 6 })).toBe(true)
    expect(tooManyRejected({ percent: 0 }, { attempted: 100, rejected: 0 })).toBe(false)
  })
})
