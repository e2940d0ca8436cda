import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { EXIT } from '../../src/errors/exit-codes.ts'
import { DEMO_CANARIES } from '../../src/rehearsal/demo/canaries.ts'
import { ending, runBuiltProgram } from '../support/built-program.ts'
import { type DemoRoad, makeDemoRoad } from '../support/demo-road.ts'
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts'
import { lastingSessions, readJournal, readTargetState } from '../support/target-state.ts'

let postgres: TestPostgres & { stop(): Promise<void> }
let road: DemoRoad

const [canary] = DEMO_CANARIES
const NAME = canary?.localpart ?? ''

const expectRefused = async (words: readonly string[]): Promise<void> => {
  const before = await readTargetState(postgres, road.mas)
  const run = await runBuiltProgram(['migrate', '--yes', ...road.flags])
  expect(ending(run, EXIT.unavailable)).toBe(`exit ${EXIT.unavailable}`)
  for (const word of words) expect(run.stderr).toContain(word)
  for (const { localpart, accessToken } of DEMO_CANARIES) {
    expect(run.stderr).not.toContain(localpart)
    expect(run.stderr).not.toContain(accessToken)
  }
  expect(run.stderr).not.toMatch(/^\s+at /m)
  expect(run.stdout).toBe('')
  expect(await readTargetState(postgres, road.mas)).toEqual(before)
  expect(await lastingSessions(postgres, [road.mas, road.synapse])).toEqual([])
  expect(await readJournal(postgres, road.mas)).toMatchObject({ state: 'undone' })
}

beforeAll(async () => {
  postgres = await startTestPostgres()
  road = await makeDemoRoad(postgres, { name: 'refused', accounts: 3000, damage: 'none' })
})

beforeEach(() => road.emptyMas())

afterAll(async () => {
  await road?.remove()
  await postgres?.stop()
})

/** A newer MAS may have made it: that is a warning, which the run accepts. */
const NEWER = "INSERT INTO _sqlx_migrations VALUES (20990101000000, 'of the future', now(), true, '', 0)"

describe('a MAS database to which somebody has added what rows may not fit', () => {
  it('is refused before a run begins', async () => {
    await postgres.execute(road.mas, 'CREATE UNIQUE INDEX somebody_elses_index ON users (lower(username))')
    const before = await readTargetState(postgres, road.mas)
    const run = await runBuiltProgram(['migrate', '--yes', ...road.flags])
    expect(ending(run, EXIT.checkErrors)).toBe(`exit ${EXIT.checkErrors}`)
    for (const word of ['MAS_FOREIGN_CONSTRAINT', 'somebody_elses_index', 'DROP INDEX']) {
      expect(run.stdout + run.stderr).toContain(word)
    }
    expect(await readTargetState(postgres, road.mas)).toEqual(before)
    expect(await readJournal(postgres, road.mas)).toBeUndefined()
  })
})

describe('a MAS database that refuses', () => {
  it('one row, by a CHECK: the table is named, the row is not, and all is as before', async () => {
    await postgres.execute(
      road.mas,
      NEWER,
      `ALTER TABLE users ADD CONSTRAINT somebody_elses CHECK (username <> '${NAME}')`,
    )
    await expectRefused(['"users"', '"somebody_elses"', '23514'])
  })

  it('one row, by a trigger that quotes it: its words are left out', async () => {
    await postgres.execute(
      road.mas,
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN IF NEW.username = '${NAME}' THEN RAISE EXCEPTION 'not "%"', NEW.username; END IF; RETURN NEW; END $$`,
      'CREATE TRIGGER refuse BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION refuse()',
    )
    await expectRefused(['users', 'P0001'])
  })

  it('an index, once the rows are there: the table is named', async () => {
    await postgres.execute(
      road.mas,
      NEWER,
      'CREATE UNIQUE INDEX somebody_elses_index ON users (locked_at) NULLS NOT DISTINCT',
    )
    await expectRefused(['users', 'somebody_elses_index', '23505'])
  })

  it('a key, once the rows are there: the table is named', async () => {
    await postgres.execute(
      road.mas,
      NEWER,
      'ALTER TABLE compat_sessions ADD CONSTRAINT somebody_elses_key UNIQUE NULLS NOT DISTINCT (finished_at)',
    )
    await expectRefused(['compat_sessions', 'somebody_elses_key', '23505'])
  })

  it('a foreign key, once the rows are there: the table is named', async () => {
    await postgres.execute(
      road.mas,
      NEWER,
      'CREATE TABLE guest_list (username text PRIMARY KEY)',
      'ALTER TABLE users ADD CONSTRAINT on_the_list FOREIGN KEY (username) REFERENCES guest_list',
    )
    await expectRefused(['users', 'on_the_list', '23503'])
  })

  it('rows silently, by a trigger: the count is missed', async () => {
    await postgres.execute(
      road.mas,
      `CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN IF NEW.username = '${NAME}' THEN RETURN NULL; END IF; RETURN NEW; END $$`,
      'CREATE TRIGGER swallow BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION swallow()',
    )
    await expectRefused(['The copy of the rows of users', 'is not complete', 'triggers'])
  })
})
