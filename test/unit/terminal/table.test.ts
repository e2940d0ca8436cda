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
})
