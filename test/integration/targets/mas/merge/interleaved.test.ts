import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterEach, expect, test, vi } from 'vitest'
import { mxid, person } from '../../../../support/merge/people.ts'
import { type Stage, setStage } from '../../../../support/merge/stage.ts'
import { told } from '../../../../support/merge/summary.ts'
import { testPostgres } from '../../../../support/postgres.ts'

const postgres = testPostgres()

afterEach(() => void vi.restoreAllMocks())

/** With this a batch begins to compare: it has its accounts and wanted rows in tables of its own by then. */
const FORGETS_EARLIER_PLAN = /^\s*TRUNCATE /u

/**
 * Does something before the given statement of the first batch that compares from now on, counted from there.
 * @returns whether the batch came to that statement.
 */
const beforeStatement = (wanted: number, work: () => Promise<void>): (() => boolean) => {
  const query = pg.Client.prototype.query as unknown as (...given: readonly unknown[]) => unknown
  const batches = new Set<pg.Client>()
  let count = 0
  let isReached = false
  const watched = function (this: pg.Client, ...given: readonly unknown[]): unknown {
    const [text] = given
    if (typeof text !== 'string') return query.apply(this, [...given])
    if (batches.size === 0 && FORGETS_EARLIER_PLAN.test(text)) batches.add(this)
    if (!batches.has(this) || count++ !== wanted) return query.apply(this, [...given])
    isReached = true
    return work().then(() => query.apply(this, [...given]))
  }
  vi.spyOn(pg.Client.prototype, 'query').mockImplementation(watched)
  return () => isReached
}

/** Everything under a key that only one account can have. */
const owned = (stage: Stage): Promise<readonly Record<string, unknown>[]> =>
  stage.inMas(`
    SELECT username, 'identity' AS what, subject AS key FROM upstream_oauth_links JOIN users USING (user_id)
    UNION ALL SELECT username, 'e-mail', email FROM user_emails JOIN users USING (user_id)
    ORDER BY 1, 2, 3`)

/** More than a batch has: the last one that is reached ends the test. */
const MOST_STATEMENTS = 300

test('what moves between two accounts arrives, whatever the other batch has done between any two statements of the one', async () => {
  const stage = await setStage(postgres, 'merge_interleaved')
  const moving = { subjects: ['someone'], emails: ['someone@example.com'] }
  await stage.inSynapse(...person('alice', moving), ...person('bob'))
  await stage.merge({ kind: 'online' })
  let [from, to] = ['alice', 'bob']
  let statement = 0
  for (; statement < MOST_STATEMENTS; statement++) {
    await stage.inSynapse(
      ...['user_external_ids', 'user_threepids'].map((table) => `UPDATE ${table} SET user_id = '${mxid(to)}'`),
    )
    let other: Promise<unknown> = Promise.resolve()
    const isReached = beforeStatement(statement, async () => {
      other = stage.merge({ kind: 'online', only: [mxid(from)] })
      // One that waits for rows of the first goes on when that has ended.
      await Promise.race([other, sleep(300)])
    })
    const outcomes = await stage.merge({ kind: 'online', only: [mxid(to)] })
    vi.restoreAllMocks()
    await other
    if (!isReached()) break
    const where = `before statement ${statement}`
    expect({ where, ...told(outcomes) }).toEqual({ where, [to]: expect.stringMatching(/^updated/u) })
    expect({ where, owned: await owned(stage) }).toEqual({
      where,
      owned: [
        { username: to, what: 'e-mail', key: 'someone@example.com' },
        { username: to, what: 'identity', key: 'someone' },
      ],
    })
    ;[from, to] = [to, from]
  }
  expect(statement).toBeGreaterThan(40)
  expect(statement).toBeLessThan(MOST_STATEMENTS)
}, 600_000)
