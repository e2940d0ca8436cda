import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parsePostgresUrl } from '../../../src/postgres/url.ts'
import { postgresUrl } from '../../../src/postgres/url-of.ts'

const text = fc.string({ minLength: 1 }).filter((value) => !value.includes('\0') && value.trim() === value)

it('writes a URL from which the same database is read again, whatever its names and password hold', () => {
  const host = fc.constantFrom('127.0.0.1', 'db.example', '::1', '/var/run/postgresql')
  fc.assert(
    fc.property(
      host,
      fc.integer({ min: 1, max: 65_535 }),
      text,
      text,
      text,
      (given, port, user, password, database) => {
        const settings = {
          host: given,
          port,
          user,
          password,
          database,
          sslMode: 'disable',
          connectTimeoutMs: 0,
          origin: 'x',
        } as const
        expect(parsePostgresUrl(postgresUrl(settings), 'x')).toMatchObject({
          host: given,
          port,
          user,
          password,
          database,
          sslMode: 'disable',
        })
      },
    ),
  )
})
