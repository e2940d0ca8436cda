import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeMarks, encodeMarks, type Marks, runsOf } from '../../../../../src/targets/auth0/accounts/marks.ts'

const text = fc.string({ unit: 'binary', maxLength: 40 })
const digest = fc.stringMatching(/^[\w-]{22}$/)
const row = fc
  .record({ digest, run: fc.option(text, { nil: undefined }) })
  .map(({ run, ...rest }) => ({ ...rest, ...(run === undefined ? {} : { run }) }))

const marks: fc.Arbitrary<Marks> = fc
  .record({
    mxid: text,
    server: text,
    createdBy: text,
    account: digest,
    blocked: fc.boolean(),
    attributes: fc.array(text, { maxLength: 8 }),
    password: fc.option(row, { nil: undefined }),
    threepids: fc.array(row, { maxLength: 8 }),
    links: fc.array(row, { maxLength: 4 }),
    underWay: fc.array(digest, { maxLength: 3 }),
  })
  .map(({ password, ...rest }) => ({ ...rest, ...(password === undefined ? {} : { password }) }))

const stored = (value: unknown): Record<string, unknown> => JSON.parse(JSON.stringify(value))

describe('the marks of a user', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(marks, (written) => {
        expect(decodeMarks(stored(encodeMarks(written)))).toEqual(written)
      }),
    )
  })

  it('are nothing where anything of them is missing, another, or added', () => {
    fc.assert(
      fc.property(marks, fc.nat(), (written, at) => {
        const value = stored(encodeMarks(written))
        const key = Object.keys(value)[at % Object.keys(value).length] ?? ''
        expect(decodeMarks({ ...value, more: 1 })).toBeUndefined()
        expect(decodeMarks({ ...value, [key]: {} })).toBeUndefined()
        const { [key]: _, ...less } = value
        expect(decodeMarks(less)).not.toEqual(written)
      }),
    )
  })

  it('are nothing where they name a run that they do not list, or list one that they do not name', () => {
    const of = 'x'.repeat(22)
    const base = { v: 1, mxid: '@a:b', server: 'b', run: 'run-1', a: of }
    expect(decodeMarks(base)).toBeDefined()
    expect(decodeMarks({ ...base, t: [[of, 1]], r: ['run-2'] })).toBeUndefined()
    expect(decodeMarks({ ...base, t: [[of]], r: ['run-2'] })).toBeUndefined()
    expect(decodeMarks({ ...base, t: [] })).toBeUndefined()
  })

  it('are nothing in whatever else somebody may write there', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.constant(undefined)), (value) => {
        expect(decodeMarks(value)).toBeUndefined()
      }),
    )
  })

  it('have no key that Auth0 does not take in metadata', () => {
    fc.assert(
      fc.property(marks, (written) => {
        for (const key of Object.keys(encodeMarks(written))) expect(key).not.toMatch(/[.$]/)
      }),
    )
  })

  it('know every run that created something, the first one first', () => {
    const of = 'x'.repeat(22)
    expect(
      runsOf({
        mxid: '@a:b',
        server: 'b',
        createdBy: 'run-1',
        account: of,
        blocked: false,
        attributes: [],
        password: { digest: of, run: 'run-3' },
        threepids: [{ digest: of }, { digest: of, run: 'run-2' }],
        links: [{ digest: of, run: 'run-3' }],
        underWay: [],
      }),
    ).toEqual(['run-1', 'run-3', 'run-2'])
  })
})
