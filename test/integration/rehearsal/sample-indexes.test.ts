import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { drawsByKey } from '../../../src/rehearsal/sample/mask/draws.ts'
import { redraw } from '../../../src/rehearsal/sample/mask/redraw.ts'
import { testPostgres } from '../../support/postgres.ts'

const DATABASE = 'sample_indexes'
const postgres = testPostgres()
const draws = drawsByKey(Buffer.from('a key for tests alone'))

/** Prose, a program, and what repeats itself. */
const FILES = ['docs/how-to/rehearse.md', 'CONTRIBUTING.md', 'src/rehearsal/sample/take-sample.ts', 'package-lock.json']

/** Where none follow from the words: how well the letters repeat themselves is no measure of how well such a text is compressed. */
const withMoreCapitals = (text: string): string => {
  const each = draws('capitals', '')
  return [...text].map((letter) => (each.next(30) === 0 ? letter.toUpperCase() : letter)).join('')
}

/** An index takes only so many bytes of a text, as PostgreSQL compresses it: what did not fit could not be loaded. */
it('the longest text that an index takes fits into one when it is masked, and one that is not compressed takes as much', async () => {
  await postgres.createDatabase(DATABASE, { encoding: 'UTF8' })
  await postgres.execute(DATABASE, 'CREATE TABLE texts (text text)', 'CREATE INDEX ON texts (text)')
  const client = await postgres.superuser(DATABASE)
  const fits = (text: string): Promise<boolean> =>
    client.query('INSERT INTO texts VALUES ($1)', [text]).then(
      () => true,
      () => false,
    )
  const longest = async (text: string): Promise<string> => {
    let [short, long] = [2000, text.length]
    while (long - short > 10) {
      const middle = Math.floor((short + long) / 2)
      if (await fits(text.slice(0, middle))) short = middle
      else long = middle
    }
    return text.slice(0, short)
  }
  const stored = async (texts: readonly string[]): Promise<readonly string[]> => {
    for (const text of texts) expect(await fits(text)).toBe(true)
    return texts
  }
  try {
    for (const file of FILES) {
      const written = await readFile(file, 'utf8')
      for (const each of [written, withMoreCapitals(written)]) {
        const text = await longest(each)
        expect(text.length, file).toBeGreaterThan(3000)
        const other = redraw(text, draws('text', text))
        expect(other).toHaveLength(text.length)
        expect([file, await fits(other)]).toEqual([file, true])
        expect([file, await fits(redraw(text, draws('text', text), 'none', 'drawn'))]).toEqual([file, true])
      }
    }
    // What is not compressed at all takes as much as before, and is decided about as before.
    for (const encoding of ['hex', 'base64url'] as const) {
      const random = Array.from({ length: 90 }, (_, index) => createHash('md5').update(`${index}`).digest(encoding))
      const text = random.join('').slice(0, 2650)
      const { rows } = await client.query('SELECT pg_column_size(text) AS size FROM texts WHERE text = ANY($1)', [
        await stored([text, redraw(text, draws('text', text))]),
      ])
      const sizes = rows.map(({ size }: { readonly size: number }) => size)
      expect(sizes).toHaveLength(2)
      expect(Math.abs((sizes[0] ?? 0) - (sizes[1] ?? 0))).toBeLessThan(50)
    }
  } finally {
    await client.end()
  }
})
