import { describe, expect, it } from 'vitest'
import type { Located } from '../../../../src/config/yaml/located.ts'
import { parseLocated } from '../../../../src/config/yaml/parse-located.ts'

const get = (value: Located | undefined, key: string): Located | undefined =>
  value?.kind === 'map' ? value.entries.get(key) : undefined

describe('YAML that knows where it stands', () => {
  it('gives every value its line and column', () => {
    const { value } = parseLocated('a: 1\nb:\n  - x\n  - [y, true]\n', 'f.yaml')
    expect(get(value, 'a')).toEqual({ kind: 'scalar', value: 1, at: { file: 'f.yaml', line: 1, column: 4 } })
    expect(get(value, 'b')).toMatchObject({
      kind: 'list',
      items: [
        { value: 'x', at: { line: 3, column: 5 } },
        { kind: 'list', items: [{ value: 'y' }, { value: true, at: { line: 4, column: 9 } }] },
      ],
    })
  })

  it('has no value for an empty file', () => {
    expect(parseLocated('', 'f.yaml')).toEqual({ problems: [] })
    expect(parseLocated('# nothing\n', 'f.yaml')).toEqual({ problems: [] })
  })

  it('takes a key without a value for null', () => {
    expect(get(parseLocated('a:\n', 'f.yaml').value, 'a')).toMatchObject({ kind: 'scalar', value: null })
  })

  it('resolves aliases', () => {
    const { value } = parseLocated('a: &x {k: 1}\nb: *x\n', 'f.yaml')
    expect(get(value, 'b')).toBe(get(value, 'a'))
  })

  it('survives aliases that would multiply into millions of values', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]']
    for (let level = 1; level < 30; level += 1) {
      const alias = `*a${level - 1}`
      lines.push(`a${level}: &a${level} [${Array(10).fill(alias).join(', ')}]`)
    }
    expect(parseLocated(lines.join('\n'), 'f.yaml').problems).toEqual([])
  })

  it('refuses an alias that contains itself', () => {
    expect(parseLocated('a: &x [*x]\n', 'f.yaml').problems).toMatchObject([{ message: 'an alias contains itself' }])
  })

  it('gives merge keys no meaning, as MAS does', () => {
    const { value } = parseLocated('a: &x {k: 1}\nb:\n  <<: *x\n  l: 2\n', 'f.yaml')
    expect(get(get(value, 'b'), 'k')).toBeUndefined()
    expect(get(get(value, 'b'), 'l')).toMatchObject({ value: 2 })
  })

  it('reports every syntax problem with its place', () => {
    const { problems, value } = parseLocated('a: 1\na: 2\nb: "open\n', 'f.yaml')
    expect(value).toBeUndefined()
    expect(problems.map(({ at }) => at?.line)).toContain(2)
    expect(problems.length).toBeGreaterThan(1)
  })

  it.each([
    'password: *hunter2',
    'password: !hunter2 x',
    'password: @hunter2',
    'password: "hunter2',
    'password: hunter2: hunter2',
    'password: %hunter2',
    'a: hunter2\n---\nb: hunter2',
  ])('never repeats the text at fault: %j', (text) => {
    const { problems } = parseLocated(text, 'f.yaml')
    expect(JSON.stringify(problems)).not.toContain('hunter2')
  })

  it('refuses several documents', () => {
    expect(parseLocated('a: 1\n---\nb: 2\n', 'f.yaml').problems).not.toEqual([])
  })
})
