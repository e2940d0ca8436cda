import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { indented, pad, textWidth, truncate, wrap } from '../../../src/terminal/text.ts'
import { visible, visibleLines } from '../../../src/terminal/visible.ts'

describe('text on a terminal', () => {
  it('measures in columns, not in characters', () => {
    expect(textWidth('abc')).toBe(3)
    expect(textWidth('日本')).toBe(4)
    expect(textWidth('e\u0301')).toBe(1)
    expect(textWidth('か\u3099')).toBe(2)
    expect(textWidth('👩‍👩‍👧')).toBe(2)
    expect(textWidth('\u001b[31mred\u001b[39m')).toBe(3)
  })

  it('pads by columns', () => {
    expect(pad('日', 4, 'right')).toBe('日  ')
    expect(pad('7', 3, 'left')).toBe('  7')
    expect(pad('long', 2, 'left')).toBe('long')
  })

  it('breaks lines between words, and long words between characters', () => {
    expect(wrap('one two three', 8)).toEqual(['one two', 'three'])
    expect(wrap('abcdefghij kl', 4)).toEqual(['abcd', 'efgh', 'ij', 'kl'])
    expect(wrap('', 8)).toEqual([''])
    expect(indented('one two three', 10, '  ', '- ')).toBe('- one two\n  three')
  })

  it('breaks long words behind a dot, a slash, an underscore or a comma before it cuts anywhere', () => {
    expect(wrap('matrix_authentication_service.endpoint', 36)).toEqual(['matrix_authentication_service.', 'endpoint'])
    expect(wrap('nonrefreshable_access_token_lifetime', 20)).toEqual(['nonrefreshable_', 'access_token_', 'lifetime'])
    expect(wrap('/etc/matrix-synapse/homeserver.yaml:12', 22)).toEqual(['/etc/matrix-synapse/', 'homeserver.yaml:12'])
    expect(wrap('CODE_ONE,CODE_TWO', 10)).toEqual(['CODE_ONE,', 'CODE_TWO'])
    expect(wrap('abcdefgh.ijklmnop', 6)).toEqual(['abcdef', 'gh.', 'ijklmn', 'op'])
  })

  it('leaves what stands together in an address together: two slashes, a port and its colon, three dots', () => {
    expect(wrap('https://matrix.example.org', 8)).toEqual(['https://', 'matrix.', 'example.', 'org'])
    expect(wrap('mas@db.example.org:5432/mas', 18)).toEqual(['mas@db.example.org', ':5432/mas'])
    expect(wrap('ab...cd', 5)).toEqual(['ab...', 'cd'])
  })

  it('wrapped lines fit and lose nothing but spaces', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }).map(visible), fc.integer({ min: 2, max: 40 }), (text, width) => {
        const lines = wrap(text, width)
        const widestCharacter = 2
        for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(Math.max(width, widestCharacter))
        expect(lines.join('').replace(/\s/gu, '')).toBe(text.replace(/\s/gu, ''))
      }),
    )
  })

  it('shortens with an ellipsis, never wider than asked', () => {
    expect(truncate('abcdef', 4)).toBe('abc…')
    expect(truncate('abcd', 4)).toBe('abcd')
    expect(truncate('日本語', 4)).toBe('日…')
    expect(truncate('abc', 1)).toBe('…')
    expect(truncate('abc', 0)).toBe('')
  })

  it('shows what a terminal would obey', () => {
    expect(visible('a\u001b[2Jb')).toBe('a\\u001b[2Jb')
    expect(visible('\u202eevil\u0000')).toBe('\\u202eevil\\u0000')
    expect(visible('two\nlines\tand a tab')).toBe('two lines and a tab')
    expect(visible('\ud800')).toBe('\\ud800')
    expect(visibleLines('select 1;\r\nselect 2;')).toEqual(['select 1;', 'select 2;'])
  })

  it('leaves nothing to obey in any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(visible(text)).not.toMatch(/\p{Cc}|\p{Bidi_Control}|\p{Surrogate}/u)
      }),
    )
  })
})
