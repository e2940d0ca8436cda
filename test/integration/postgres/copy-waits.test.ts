import type { Client } from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { copyBetween } from '../../../src/postgres/copy.ts'
import { waitClock } from '../../../src/postgres/wait-clock.ts'
import { testPostgres } from '../../support/postgres.ts'

const postgres = testPostgres()
let from: Client
let to: Client

beforeAll(async () => {
  await postgres.createDatabase('copy_waits', {})
  from = await postgres.superuser('copy_waits')
  to = await postgres.superuser('copy_waits')
})

beforeEach(async () => {
  await to.query('DROP TABLE IF EXISTS wanted; CREATE TABLE wanted (n integer, filler text)')
})

afterAll(async () => {
  await from?.end()
  await to?.end()
})

const copied = async (select: string) => {
  const waits = waitClock()
  await copyBetween({ from, to, select, into: 'COPY wanted FROM STDIN (FORMAT binary)', waits })
  return waits.times()
}

const MANY = `SELECT n, repeat('x', 200) FROM generate_series(1, 100000) n`

test('a source that takes its time is waited for', async () => {
  const { source, target } = await copied(
    `SELECT n, 'x' FROM generate_series(1, 20) n WHERE pg_sleep(0.02) IS NOT NULL`,
  )
  expect(source).toBeGreaterThan(300)
  expect(source).toBeGreaterThan(target)
})

test('a target that takes its time is waited for, more than a source that is quick', async () => {
  await to.query(`
    CREATE OR REPLACE FUNCTION slow_row() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN IF NEW.n % 5000 = 0 THEN PERFORM pg_sleep(0.05); END IF; RETURN NEW; END $$;
    CREATE TRIGGER slow_row BEFORE INSERT ON wanted FOR EACH ROW EXECUTE FUNCTION slow_row()`)
  const { source, target } = await copied(MANY)
  expect(target).toBeGreaterThan(500)
  expect(target).toBeGreaterThan(source)
})

test('what passes between two copies is nobody’s', async () => {
  const waits = waitClock()
  const into = 'COPY wanted FROM STDIN (FORMAT binary)'
  const one = { from, to, select: `SELECT 1, 'x'`, into, waits }
  await copyBetween(one)
  const { source, target } = waits.times()
  await to.query('SELECT pg_sleep(0.2)')
  expect(waits.times()).toEqual({ source, target })
  await copyBetween(one)
  expect(waits.times().source + waits.times().target).toBeGreaterThan(source + target)
})
