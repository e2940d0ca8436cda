import fc from 'fast-check'
import { expect, test } from 'vitest'
import { redactUrls } from '../../../src/errors/redact-urls.ts'

test('the password of a URL is replaced, the rest stays', () => {
  expect(redactUrls('no route to postgresql://mas:s3cret@db:5432/mas?sslmode=require')).toBe(
    'no route to postgresql://mas:…@db:5432/mas?sslmode=require',
  )
})

test('a password with an @ in it is replaced as a whole', () => {
  expect(redactUrls('postgresql://mas:s3@cret@db/mas')).toBe('postgresql://mas:…@db/mas')
})

test('a password among the parameters is replaced', () => {
  expect(redactUrls("host=db password='a \\'b' user=x")).toBe('host=db password=… user=x')
  expect(redactUrls('postgresql://db/mas?password=abc&user=x')).toBe('postgresql://db/mas?password=…&user=x')
})

test('a text without credentials stays as it is', () => {
  const text = 'homeserver.yaml:14: https://id.example.org:8443/oidc is not known to @alice:example.org'
  expect(redactUrls(text)).toBe(text)
})

test('no password of letters and digits survives in a URL', () => {
  const password = fc.stringMatching(/^[A-Za-z0-9!$%&*+.]{6,20}$/u)
  fc.assert(fc.property(password, (secret) => !redactUrls(`x postgres://u:${secret}@h/d y`).includes(secret)))
})
