import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parsePostgresUrl } from '../../../../../src/postgres/url.ts'
import { libpqUrlOfSqlx } from '../../../../../src/targets/mas/config/sqlx-url.ts'

describe("a URI as MAS's driver reads it", () => {
  it.each([
    ['postgresql://mas@db/mas', 'postgresql://mas@db/mas'],
    [
      'postgresql://mas@db/mas?ssl-mode=verify-full&ssl-ca=%2Fca.pem',
      'postgresql://mas@db/mas?sslmode=verify-full&sslrootcert=%2Fca.pem',
    ],
    ['postgresql://mas@db/mas?application_name=mas&statement-cache-capacity=0', 'postgresql://mas@db/mas'],
    ['postgresql://mas@db/mas?hostaddr=10.0.0.1', 'postgresql://mas@db/mas?host=10.0.0.1'],
    ['postgresql://mas@db/mas?user=a+b', 'postgresql://mas@db/mas?user=a%20b'],
    [
      'postgresql://mas@db/mas?options[search_path]=auth&options=-c%20jit%3Doff',
      'postgresql://mas@db/mas?options=-c%20search_path%3Dauth%20-c%20jit%3Doff',
    ],
  ])('%s', (uri, libpq) => {
    expect(libpqUrlOfSqlx(uri)).toBe(libpq)
  })

  it('becomes a URL that libpq understands, whatever the values of its parameters are', () => {
    const values = fc
      .string({ minLength: 1, unit: 'grapheme' })
      .filter((text) => !text.includes('\0') && text.isWellFormed())
    fc.assert(
      fc.property(values, values, (user, password) => {
        const query = new URLSearchParams({ user, password, 'ssl-mode': 'disable', unknown: 'x' })
        const settings = parsePostgresUrl(libpqUrlOfSqlx(`postgresql://db/mas?${query}`), 'test')
        expect(settings).toMatchObject({ user, password, sslMode: 'disable', host: 'db', database: 'mas' })
      }),
    )
  })
})
