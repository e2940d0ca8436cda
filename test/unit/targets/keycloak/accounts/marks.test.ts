import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeMarks, encodeMarks, type Marks, runsOf } from '../../../../../src/targets/keycloak/accounts/marks.ts'

const text = fc.string({ unit: 'binary', maxLength: 60 })
const digest = fc.stringMatching(/^[\w-]{22}$/)
const run = fc.option(text, { nil: undefined }).map((name) => (name === undefined ? {} : { run: name }))

const marks: fc.Arbitrary<Marks> = fc
  .record({
    mxid: text,
    createdBy: text,
    account: digest,
    enabled: fc.boolean(),
    attributes: fc.array(text, { maxLength: 60 }),
    underWay: fc.array(digest, { maxLength: 5 }),
    given: fc.record({ roles: fc.array(text, { maxLength: 5 }), groups: fc.array(text, { maxLength: 5 }) }),
    password: fc.option(fc.record({ digest, date: fc.maxSafeInteger(), run }), { nil: undefined }),
    threepids: fc.array(fc.record({ digest, run }), { maxLength: 120 }),
    links: fc.array(fc.record({ alias: text, digest, run }), { maxLength: 20 }),
  })
  .map(({ password, threepids, links, ...rest }) => ({
    ...rest,
    ...(password === undefined ? {} : { password: { digest: password.digest, date: password.date, ...password.run } }),
    threepids: threepids.map((row) => ({ digest: row.digest, ...row.run })),
    links: links.map((row) => ({ alias: row.alias, digest: row.digest, ...row.run })),
  }))

describe('the marks of a user', () => {
  it('are read as they were written, in whatever order Keycloak gives their values', () => {
    fc.assert(
      fc.property(marks, fc.boolean(), (written, backwards) => {
        const values = encodeMarks(written)
        expect(decodeMarks(backwards ? values.toReversed() : values)).toEqual(written)
      }),
    )
  })

  it('fit into values of Keycloak: at most 2,000 characters, never blank, no half characters, no NUL', () => {
    fc.assert(
      fc.property(marks, (written) => {
        for (const value of encodeMarks(written)) {
          expect(value.length).toBeLessThanOrEqual(2000)
          expect(value.isWellFormed()).toBe(true)
          expect(value).not.toContain('\0')
          expect(value.trim()).not.toBe('')
        }
      }),
    )
  })

  it('are nothing where anything of them is missing, doubled or another', () => {
    fc.assert(
      fc.property(marks, fc.nat(), (written, at) => {
        const values = encodeMarks(written)
        const index = at % values.length
        expect(decodeMarks(values.toSpliced(index, 1))).toBeUndefined()
        expect(decodeMarks([...values, values[index] ?? ''])).toBeUndefined()
        expect(decodeMarks([...values, 'by hand'])).toBeUndefined()
        expect(decodeMarks(values.with(index, `${values[index]}x`))).toBeUndefined()
      }),
    )
  })

  it('are nothing where their parts are not numbered one after the other', () => {
    const row = { digest: 'x'.repeat(22) }
    const values = encodeMarks({
      mxid: '@a:b',
      createdBy: 'run-1',
      account: row.digest,
      enabled: true,
      underWay: [],
      given: { roles: [], groups: [] },
      attributes: [],
      threepids: Array.from({ length: 100 }, () => row),
      links: [],
    })
    expect(values).toHaveLength(2)
    expect(decodeMarks(values.map((value) => value.replace('v1 1/2', 'v1 2/2')))).toBeUndefined()
    expect(decodeMarks(values.map((value) => value.replace('v1 2/2', 'v1 3/2')))).toBeUndefined()
  })

  it('are nothing in whatever else somebody may write there', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            text,
            fc.json(),
            fc.json().map((json) => `v1 1/1 ${json}`),
          ),
        ),
        (values) => {
          expect(decodeMarks(values)).toBeUndefined()
        },
      ),
    )
  })

  it('are nothing where they name a run that they do not list', () => {
    const digestOf = 'x'.repeat(22)
    const json = JSON.stringify({ m: '@a:b', c: 'run-1', a: digestOf, t: [[digestOf, 1]], r: ['run-2'] })
    expect(decodeMarks([`v1 1/1 ${json}`])).toBeUndefined()
  })

  it('know every run that created something, the first one first', () => {
    const digestOf = 'x'.repeat(22)
    expect(
      runsOf({
        mxid: '@a:b',
        createdBy: 'run-1',
        account: digestOf,
        enabled: true,
        attributes: [],
        underWay: [],
        given: { roles: [], groups: [] },
        password: { digest: digestOf, date: 0, run: 'run-3' },
        threepids: [{ digest: digestOf }, { digest: digestOf, run: 'run-2' }],
        links: [{ alias: 'google', digest: digestOf, run: 'run-3' }],
      }),
    ).toEqual(['run-1', 'run-3', 'run-2'])
  })
})
