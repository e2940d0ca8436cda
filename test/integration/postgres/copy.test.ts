import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Syn2opError } from '../../../src/errors/syn2op-error.ts'
import { connect } from '../../../src/postgres/connect.ts'
import { copyBetween } from '../../../src/postgres/copy.ts'
import { testPostgres } from '../../support/postgres.ts'

const server = testPostgres()
const into = 'COPY copied (id, name) FROM STDIN (FORMAT binary)'
const rows = (count: number, id = 'n'): string =>
  `SELECT (${id})::int AS id, repeat('x', 100) AS name FROM (SELECT generate_series(1, ${count}) AS n) numbers`

let from: pg.Client
let to: pg.Client

beforeAll(async () => {
  await server.createDatabase('copy_source')
  await server.createDatabase('copy_target')
  await server.execute('copy_target', 'CREATE TABLE copied (id int CHECK (id > 0), name text)')
})

beforeEach(async () => {
  from = await connect(server.settings('copy_source'), { applicationName: 'from', access: 'read-only' })
  to = await connect(server.settings('copy_target'), { applicationName: 'to' })
  await to.query('TRUNCATE copied')
})

afterEach(async () => {
  await Promise.all([from.end(), to.end()])
})

const count = async (): Promise<unknown> => (await to.query('SELECT count(*) AS n FROM copied')).rows[0]

/** Both sessions answer, and nothing of the failed copy stayed. */
const expectUsableAndEmpty = async (): Promise<void> => {
  expect((await from.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
  expect(await count()).toEqual({ n: 0 })
}

const failure = async (copy: Promise<unknown>): Promise<Syn2opError> => {
  const error = await copy.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof Syn2opError) return error
  throw new Error('The copy did not fail as it should', { cause: error })
}

describe('a copy between two databases', () => {
  it('passes a million rows on with flat memory', async () => {
    const before = process.memoryUsage().rss
    let peak = 0
    const result = await copyBetween({
      from,
      to,
      select: rows(1_000_000),
      into,
      onProgress: () => {
        peak = Math.max(peak, process.memoryUsage().rss)
      },
    })
    expect(result.rows).toBe(1_000_000)
    expect(result.bytes).toBeGreaterThan(110_000_000)
    expect(await count()).toEqual({ n: 1_000_000 })
    expect(peak - before).toBeLessThan(100_000_000)
  })

  it('copies an empty result, and again on the same sessions', async () => {
    expect((await copyBetween({ from, to, select: rows(0), into })).rows).toBe(0)
    expect((await copyBetween({ from, to, select: rows(3), into })).rows).toBe(3)
    expect(await count()).toEqual({ n: 3 })
  })

  it('carries every value bit by bit', async () => {
    await to.query('CREATE TEMP TABLE odd (a bytea, b text, c timestamptz, d float8, e int[])')
    const select = `SELECT '\\x00ff0a'::bytea, E'a\\tb\\n\\\\.\\u00fc', 'infinity'::timestamptz, '-0'::float8, '{1,NULL}'::int[]`
    await copyBetween({ from, to, select, into: 'COPY odd FROM STDIN (FORMAT binary)' })
    const there = await to.query(`SELECT md5(row(odd.*)::text) AS hash FROM odd`)
    const here = await from.query(`SELECT md5(row(wanted.*)::text) AS hash FROM (${select}) wanted`)
    expect(there.rows).toEqual(here.rows)
  })

  it('leaves nothing in the target when the source fails at its very end', async () => {
    const error = await failure(copyBetween({ from, to, select: rows(200_000, '1 / (200000 - n) + n'), into }))
    expect(error).toMatchObject({ code: 'database.failed', exitCode: 5 })
    expect(error.message).toMatch(/^Reading the rows to copy failed at .*copy_source: division by zero \(22012\)$/)
    await expectUsableAndEmpty()
  })

  it('leaves nothing in the target when the target fails midway, and stops the source', async () => {
    const error = await failure(copyBetween({ from, to, select: rows(5_000_000, '1000 - n'), into }))
    expect(error.message).toMatch(/^Writing the copied rows failed at .*copy_target: .*copied_id_check.*\(23514/)
    expect(error.message).not.toContain('xxx')
    await expectUsableAndEmpty()
  })

  it('fails when the target table or the source’s query is wrong', async () => {
    const wrongTable = copyBetween({
      from,
      to,
      select: rows(1_000_000),
      into: 'COPY nowhere FROM STDIN (FORMAT binary)',
    })
    expect((await failure(wrongTable)).message).toContain('(42P01')
    expect((await failure(copyBetween({ from, to, select: 'SELECT nothing', into }))).message).toContain('(42703')
    await expectUsableAndEmpty()
  })

  it('names a missing privilege as such', async () => {
    await to.query('DROP ROLE IF EXISTS copy_nobody')
    await to.query('CREATE ROLE copy_nobody')
    await to.query('SET ROLE copy_nobody')
    expect((await failure(copyBetween({ from, to, select: rows(1), into }))).code).toBe('database.not-allowed')
    await to.query('RESET ROLE')
    await to.query('DROP ROLE copy_nobody')
  })

  it('reports rows that a trigger of the target swallowed', async () => {
    await to.query('BEGIN')
    await to.query(`CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`)
    await to.query(
      'CREATE TRIGGER swallow BEFORE INSERT ON copied FOR EACH ROW WHEN (NEW.id = 2) EXECUTE FUNCTION swallow()',
    )
    expect((await failure(copyBetween({ from, to, select: rows(3), into }))).message).toContain(
      '3 rows were read, 2 were written',
    )
    await to.query('ROLLBACK')
  })

  it('keeps the source’s transaction open and its snapshot valid when it succeeds', async () => {
    await from.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    await copyBetween({ from, to, select: rows(10), into })
    expect(from.getTransactionStatus()).toBe('T')
    await from.query('COMMIT')
  })
})

describe('stopping a copy', () => {
  const abortAfter = (milliseconds: number) => AbortSignal.timeout(milliseconds)

  it('works in the middle of the rows: both sessions go on, nothing stays', async () => {
    const controller = new AbortController()
    const copy = copyBetween({
      from,
      to,
      select: rows(50_000_000),
      into,
      signal: controller.signal,
      onProgress: (bytes) => {
        if (bytes > 5_000_000) controller.abort()
      },
    })
    expect(await failure(copy)).toMatchObject({ code: 'run.interrupted', exitCode: 130 })
    await expectUsableAndEmpty()
  })

  it('works while the source has sent nothing yet', async () => {
    const started = Date.now()
    const copy = copyBetween({ from, to, select: 'SELECT 1, pg_sleep(60)::text', into, signal: abortAfter(200) })
    expect((await failure(copy)).code).toBe('run.interrupted')
    expect(Date.now() - started).toBeLessThan(30_000)
    await expectUsableAndEmpty()
  })

  it('works while the target waits for a lock', async () => {
    const rival = await server.superuser('copy_target')
    await rival.query('BEGIN; LOCK TABLE copied')
    const started = Date.now()
    const copy = copyBetween({ from, to, select: rows(1_000_000), into, signal: abortAfter(200) })
    expect((await failure(copy)).code).toBe('run.interrupted')
    expect(Date.now() - started).toBeLessThan(30_000)
    await rival.end()
    await expectUsableAndEmpty()
  })

  it('does not begin when it is already asked for', async () => {
    const copy = copyBetween({ from, to, select: rows(1), into, signal: AbortSignal.abort() })
    expect((await failure(copy)).code).toBe('run.interrupted')
    await expectUsableAndEmpty()
  })
})

describe('a connection that breaks under a copy', () => {
  const kill = async (name: string): Promise<void> => {
    await sleep(300)
    await server.execute(
      'postgres',
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '${name}'`,
    )
  }

  it.each([
    ['source', () => from],
    ['target', () => to],
  ] as const)('of the %s, before the copy begins: rejects at once', async (side, clientOf) => {
    const client = clientOf().on('error', () => {})
    const ended = new Promise<void>((resolve) => client.once('end', () => resolve()))
    await Promise.all([ended, kill(side === 'source' ? 'from' : 'to')])
    const error = await failure(copyBetween({ from, to, select: rows(10), into }))
    expect(error.message).toContain(`copy_${side}`)
  })

  it('of the source: rejects, and the target keeps nothing', async () => {
    const [error] = await Promise.all([
      failure(copyBetween({ from, to, select: rows(50_000_000), into })),
      kill('from'),
    ])
    expect(error.message).toContain('copy_source')
    expect(await count()).toEqual({ n: 0 })
  })

  it('of the target: rejects, and the source goes on', async () => {
    const [error] = await Promise.all([failure(copyBetween({ from, to, select: rows(50_000_000), into })), kill('to')])
    expect(error.message).toContain('copy_target')
    expect((await from.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
  })
})
