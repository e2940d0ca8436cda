import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Answer, Question } from '../../../../src/readiness/http/exchange.ts'
import { shownMessage } from '../../../../src/readiness/http/mask.ts'
import { mask } from '../../../../src/readiness/http/masked-text.ts'

const answer = (more: Partial<Answer>): Answer => ({
  status: 200,
  headers: {},
  text: more.json === undefined ? '' : JSON.stringify(more.json),
  url: 'https://op.example.org/',
  milliseconds: 1,
  ...more,
})

const question = (more: Partial<Question> = {}): Question => ({
  method: 'GET',
  url: 'https://op.example.org/',
  ...more,
})

describe('a text', () => {
  it('has every secret masked, by its length, always alike', () => {
    expect(mask('a=geheim b=geheim c=other', ['geheim'])).toBe(
      'a=‹masked 6 characters› b=‹masked 6 characters› c=other',
    )
    expect(mask('nothing', ['', 'geheim'])).toBe('nothing')
  })

  it('has the longer of two secrets masked where one begins with the other', () => {
    expect(mask('abcdefgh', ['abcd', 'abcdefgh'])).toBe('‹masked 8 characters›')
  })

  it.each([
    ['for an address', 'ge%2Fheim%20%C3%BC%26'],
    ['for an address, in small hex', 'ge%2fheim%20%c3%bc%26'],
    ['for a form', 'ge%2Fheim+%C3%BC%26'],
    ['in JSON', 'ge\\/heim ü&'],
    ['in HTML', 'ge/heim ü&amp;'],
    ['in base64', Buffer.from('ge/heim ü&').toString('base64')],
    ['in base64 behind a user name', Buffer.from('alice:ge/heim ü&').toString('base64')],
    ['in base64 of addresses', Buffer.from('x:ge/heim ü&!').toString('base64url')],
  ])('has it masked %s', (_, written) => {
    const masked = mask(`before ${written} after`, ['ge/heim ü&'])
    expect(masked).toContain('‹masked 10 characters›')
    expect(masked).not.toContain('heim')
    expect(masked.length).toBeLessThan(written.length + 30)
  })
})

describe('what is shown of an exchange', () => {
  it('has the line, the headers and the body of the question and of the answer', () => {
    expect(
      shownMessage({
        question: question({ method: 'POST', url: 'https://op.example.org/register', body: { json: { a: 1 } } }),
        answer: answer({ status: 201, headers: { 'content-type': 'application/json' }, json: { client_id: 'C' } }),
      }),
    ).toEqual({
      request: { line: 'POST https://op.example.org/register', headers: [], body: '{\n  "a": 1\n}' },
      answer: { line: '201 Created', headers: ['content-type: application/json'], body: '{\n  "client_id": "C"\n}' },
    })
  })

  it('says why there is no answer', () => {
    expect(shownMessage({ question: question(), failure: { why: 'the connection was refused' } })).toEqual({
      request: { line: 'GET https://op.example.org/', headers: [] },
      failure: 'the connection was refused',
    })
  })

  it('keeps the scheme of an authorization and nothing of what authorizes', () => {
    const { request, answer: shown } = shownMessage({
      question: question({ headers: { 'authorization': 'Bearer geheim', 'cookie': 'sid=geheim2', 'x-one': '1' } }),
      answer: answer({ headers: { 'set-cookie': 'KC_RESTART=geheimnis; Path=/' }, text: 'Hello geheimnis' }),
    })
    expect(request.headers).toEqual([
      'authorization: Bearer ‹masked 6 characters›',
      'cookie: ‹masked 11 characters›',
      'x-one: 1',
    ])
    expect(JSON.stringify(shown)).not.toContain('geheimnis')
  })

  it('masks what the names of fields say, in forms, JSON, addresses and addresses within addresses', () => {
    const { request, answer: shown } = shownMessage({
      question: question({
        method: 'POST',
        url: 'https://op.example.org/token?state=st4te&scope=openid&next=https%3A%2F%2Fa%2F%3Fcode%3Dc0de%26x%3D1',
        body: { form: { grant_type: 'authorization_code', code: 'c0de', code_verifier: 'v3rifier', client_id: 'me' } },
      }),
      answer: answer({
        headers: { location: 'https://me/#code=0ther&iss=https%3A%2F%2Fop' },
        json: {
          access_token: 'acc3ss',
          token_type: 'Bearer',
          user_code: 123_456,
          verification_uri_complete: 'https://op/device?user_code=us3r',
          tokens: [{ refresh_token: 'refr3sh', session: { inner: 's3ssion' } }],
        },
      }),
    })
    const text = JSON.stringify([request, shown])
    for (const secret of ['st4te', 'c0de', 'v3rifier', '0ther', 'acc3ss', '123456', 'us3r', 'refr3sh', 's3ssion']) {
      expect(text).not.toContain(secret)
    }
    for (const open of ['scope=openid', 'x%3D1', 'grant_type=authorization_code', 'client_id=me', 'Bearer', 'iss=']) {
      expect(text).toContain(open)
    }
  })

  it('masks members of JSON that is cut, or within a text', () => {
    const { answer: shown } = shownMessage({
      question: question(),
      answer: answer({ text: '{"access_token":"acc3ss","inner":"{\\"id_token\\": \\"1d\\"}","sco' }),
    })
    expect(shown?.body).toContain('"access_token":"‹masked 6 characters›"')
    expect(shown?.body).not.toContain('1d')
  })

  it('shows the title of a page, and not what is in its forms', () => {
    const { answer: shown } = shownMessage({
      question: question(),
      answer: answer({ text: '<html><title> Sign in </title><form action="/x?session_code=geheim">' }),
    })
    expect(shown?.body).toBe('a page of 68 characters, “Sign in”')
  })

  it('shortens what is long', () => {
    const { answer: shown } = shownMessage({ question: question(), answer: answer({ text: 'x'.repeat(5000) }) })
    expect(shown?.body).toHaveLength(1000 + '… (5000 characters in all)'.length)
  })

  it('never holds a secret, wherever it stood and however it was written', () => {
    const letters = [...'abXYZ019-_.~+/=&%"\\ü€<>?#']
    const secrets = fc.string({ unit: fc.constantFrom(...letters), minLength: 12, maxLength: 40 })
    const places = fc.record({
      named: fc.constantFrom('access_token', 'refresh_token', 'id_token', 'password', 'client_secret', 'device_code'),
      before: fc.string({ maxLength: 8 }),
      after: fc.string({ maxLength: 8 }),
    })
    fc.assert(
      fc.property(secrets, secrets, places, (told, found, { named, before, after }) => {
        const inAddress = encodeURIComponent(told)
        const shown = JSON.stringify(
          shownMessage({
            question: question({
              method: 'POST',
              url: `https://op.example.org/a?x=${inAddress}&${named}=${encodeURIComponent(found)}#${inAddress}`,
              headers: {
                'authorization': `Basic ${Buffer.from(`${before}:${told}`).toString('base64')}`,
                'x-told': `${before}${told}${after}`,
              },
              body: { form: { [named]: found, note: `${before}${told}${after}` } },
              secrets: [told],
            }),
            answer: answer({
              headers: { location: `https://x/?${named}=${encodeURIComponent(found)}`, 'x-again': `${before}${found}` },
              json: {
                [named]: found,
                echoed: `${before}${found}${after}`,
                told: { deep: [told, Buffer.from(told).toString('base64url')] },
                [told]: 1,
              },
            }),
          }),
        )
        for (const secret of [told, found]) {
          const forms = [
            secret,
            JSON.stringify(secret).slice(1, -1),
            JSON.stringify(JSON.stringify(secret)).slice(3, -3),
            encodeURIComponent(secret),
            new URLSearchParams([['', secret]]).toString().slice(1),
            Buffer.from(secret).toString('base64'),
            Buffer.from(secret).toString('base64url'),
          ]
          for (const form of forms) expect(shown).not.toContain(form)
        }
      }),
      { numRuns: 500 },
    )
  })
})
