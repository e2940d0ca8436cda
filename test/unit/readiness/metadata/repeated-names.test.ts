import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { repeatedNames } from '../../../../src/readiness/metadata/repeated-names.ts'

describe('the names that stand more than once in one object', () => {
  test.each([
    ['{}', []],
    ['{"a":1,"b":1}', []],
    ['{"a":1,"a":1}', [['a']]],
    ['{"a":1,"a":2,"a":3}', [['a']]],
    ['\uFEFF{"a":1,"a":1}', [['a']]],
    // The same name, written otherwise.
    [String.raw`{"issuer":1,"iss\u0075er":2}`, [['issuer']]],
    ['{"a":{"b":1},"b":1}', []],
    ['{"a":{"b":1,"b":2}}', [['a', 'b']]],
    ['{"a":{"b":1},"a":{"b":2}}', [['a']]],
    // Values and lists have no names.
    ['{"a":"a","b":["a","a"],"c":"b"}', []],
    ['{"a":[{"b":1,"b":2}]}', []],
    [String.raw`{"a":"\",\"a\":{","b":"\\"}`, []],
    ['{"__proto__":1,"__proto__":2}', [['__proto__']]],
    ['[{"a":1,"a":1}]', []],
    ['"a"', []],
  ])('%s', (text, expected) => {
    expect(repeatedNames(text)).toEqual(expected)
  })

  test('are none in whatever JSON.stringify writes, spread over lines or not', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
        expect(repeatedNames(JSON.stringify(value, null, indent))).toEqual([])
      }),
    )
  })

  test('are those that were written again, whatever stands beside them', () => {
    const names = fc.uniqueArray(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 6 })
    const value = fc.jsonValue().map((one) => JSON.stringify(one))
    fc.assert(
      fc.property(names, fc.array(value, { minLength: 12, maxLength: 12 }), fc.nat(), (all, values, picked) => {
        const again = all.filter((_, at) => (picked & (1 << at)) !== 0)
        const members = [...all, ...again].map((name, at) => `${JSON.stringify(name)} : ${values[at] ?? '0'}`)
        expect(repeatedNames(`{${members.join(' ,\n')}}`)).toEqual(again.map((name) => [name]))
        expect(repeatedNames(`{"within":{${members.join(',')}}}`)).toEqual(again.map((name) => ['within', name]))
      }),
    )
  })

  test('are found in no time in a megabyte, however deep it lies or long its texts are', () => {
    const deep = `${'{"a":0,"a":'.repeat(90_000)}0${'}'.repeat(90_000)}`
    const long = JSON.stringify({ a: '\\"'.repeat(250_000) })
    const started = performance.now()
    expect(repeatedNames(deep)).toEqual([['a'], ['a', 'a']])
    expect(repeatedNames(long)).toEqual([])
    expect(performance.now() - started).toBeLessThan(2000)
  })
})
