import { describe, expect, it } from 'vitest'
import { createPaint, decideColour } from '../../../src/terminal/colour.ts'

describe('whether to colour', () => {
  it.each([
    ['a terminal', {}, true, 'on'],
    ['a pipe', {}, false, 'off'],
    ['a terminal with NO_COLOR', { NO_COLOR: '1' }, true, 'off'],
    ['a terminal with an empty NO_COLOR', { NO_COLOR: '' }, true, 'on'],
    ['a terminal that says it is dumb', { TERM: 'dumb' }, true, 'off'],
    ['a pipe with FORCE_COLOR', { FORCE_COLOR: '1' }, false, 'on'],
    ['a pipe with an empty FORCE_COLOR', { FORCE_COLOR: '' }, false, 'on'],
    ['FORCE_COLOR against NO_COLOR', { FORCE_COLOR: '1', NO_COLOR: '1' }, false, 'on'],
    ['a terminal with FORCE_COLOR=0', { FORCE_COLOR: '0' }, true, 'off'],
    ['a terminal with FORCE_COLOR=false', { FORCE_COLOR: 'false' }, true, 'off'],
  ] as const)('%s', (_name, env, isTty, expected) => {
    expect(decideColour({ env, isTty })).toBe(expected)
  })

  it('paints by meaning, or not at all', () => {
    expect(createPaint('on')('bad', 'no')).toBe('\u001b[31mno\u001b[39m')
    expect(createPaint('on')('bad', '')).toBe('')
    expect(createPaint('off')('bad', 'no')).toBe('no')
  })
})
