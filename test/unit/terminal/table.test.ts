import { describe, expect, it } from 'vitest'
import { createPaint } from '../../../src/terminal/colour.ts'
import { type Column, renderTable } from '../../../src/terminal/table.ts'
import { textWidth } from '../../../src/terminal/text.ts'

const columns: readonly Column[] = [
  { title: 'What', align: 'left' },
  { title: 'Rows', align: 'right' },
  { title: 'Why', align: 'left', fit: 'wrap' },
]
const paint = createPaint('off')

describe('a table', () => {
  it('puts numbers right, words left, and wraps reasons', () => {
    expect(
      renderTable(
        columns,
        [
          ['accounts', '1,204', ''],
          ['日本', '7', 'their provider is not in the configuration'],
        ],
        { width: 41, paint },
      ).split('\n'),
    ).toEqual([
      'What       Rows  Why',
      'accounts  1,204',
      '日本          7  their provider is not in',
      '                 the configuration',
    ])
  })

  it('keeps within 80 columns whatever the reason', () => {
    const lines = renderTable(columns, [['devices', '71,147,000', 'very '.repeat(60)]], { width: 80, paint }).split(
      '\n',
    )
    expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(80)
    expect(lines.length).toBeGreaterThan(4)
  })

  it('rather gets wide than crushes a wrapping column', () => {
    expect(renderTable(columns, [['a'.repeat(30), '1', 'twelve chars and more']], { width: 20, paint })).toContain(
      'twelve chars',
    )
  })

  describe('of several columns that wrap', () => {
    const names: readonly Column[] = [
      { title: 'Setting', align: 'left', fit: 'wrap' },
      { title: 'Where', align: 'left', fit: 'wrap' },
      { title: 'Change', align: 'left', fit: 'wrap' },
    ]
    const setting = 'nonrefreshable_access_token_lifetime'
    const row = [setting, '/etc/matrix-synapse/homeserver.yaml:12', `remove ${setting} (or put # before it)`]
    const shown = (width: number) => renderTable(names, [row], { width, paint }).split('\n')
    const together = (lines: readonly string[]) => lines.join('\n').split(setting).length - 1

    it('leaves words whole while the others can give way, so that they can be copied', () => {
      const lines = shown(100)
      expect(together(lines)).toBe(2)
      expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(100)
    })

    it.each([60, 72, 80, 90, 110, 120, 140])('keeps within %i columns', (width) => {
      expect(Math.max(...shown(width).map(textWidth))).toBeLessThanOrEqual(width)
    })

    it('breaks the longest word first where not all have room', () => expect(together(shown(68))).toBe(1))

    it('gives no column so much that another reads like a ladder', () => {
      const address = `https://example.org/${'a'.repeat(60)}`
      const lines = renderTable(names, [['a setting with a long name', 'a file in some folder', address]], {
        width: 80,
        paint,
      }).split('\n')
      expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(80)
      expect(lines.length).toBeLessThanOrEqual(5)
    })
  })
})
