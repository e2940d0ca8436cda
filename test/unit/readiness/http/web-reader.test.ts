import { describe, expect, it } from 'vitest'
import { unreadable } from '../../../../src/readiness/http/web-reader.ts'
import { answered } from '../../../support/readiness/evidence.ts'

const ORIGIN = 'https://app.element.io'

const why = (allowed: string | undefined, redirection?: Readonly<Record<string, string>>): string | undefined => {
  const { answer } = answered(200, {}, allowed === undefined ? {} : { 'access-control-allow-origin': allowed })
  if (answer === undefined) throw new Error('It was answered')
  const redirections =
    redirection === undefined
      ? {}
      : { redirections: [{ status: 301, url: 'https://example.org/a', headers: redirection }] }
  return unreadable({ ...answer, ...redirections }, ORIGIN)?.what
}

describe('whether a page of a web client may read an answer', () => {
  it.each(['*', ORIGIN])('is so with %s', (allowed) => {
    expect(why(allowed)).toBeUndefined()
  })

  it.each([
    ['no header', undefined, 'has no access-control-allow-origin'],
    ['another origin', 'https://other.example.org', 'allows another origin alone'],
    ['the header twice', '*, *', 'has access-control-allow-origin twice, and browsers take it once only'],
    ['two origins', `${ORIGIN}, *`, 'has access-control-allow-origin twice, and browsers take it once only'],
  ])('is not so with %s', (_, allowed, what) => {
    expect(why(allowed)).toBe(what)
  })

  it('is not so where a redirection on the way says nothing of it, whatever the end says', () => {
    expect(why('*', {})).toBe('redirects (301 of https://example.org/a), and that has no access-control-allow-origin')
    expect(why('*', { 'access-control-allow-origin': '*' })).toBeUndefined()
  })
})
