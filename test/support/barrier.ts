import { setTimeout as sleep } from 'node:timers/promises'
import type { RunningProgram } from './built-program.ts'
import type { TestPostgres } from './postgres.ts'

export interface BarrierPlace {
  /** With its schema. */
  readonly table: string
  /** Such as `BEFORE INSERT`. */
  readonly fires: string
  /**
   * `statement`: at each that may do so; an INSERT with ON CONFLICT DO UPDATE passes for an UPDATE of no row too. `row`: at
   * each row that it does it to. `commit`: not before the transaction of such a row is committed.
   */
  readonly moment?: 'statement' | 'row' | 'commit'
}

/** A place in the work of a run where its session waits until it is let go. */
export interface Barrier {
  /** Makes the place. */
  at(place: BarrierPlace): Promise<void>
  /** Waits until a session of the run waits there; fails when the run ends before that. */
  reached(run: RunningProgram): Promise<void>
  /** Lets whoever waits go on, and whoever comes later pass. */
  release(): Promise<void>
}

const EACH = {
  statement: 'FOR EACH STATEMENT',
  row: 'FOR EACH ROW',
  commit: 'DEFERRABLE INITIALLY DEFERRED FOR EACH ROW',
} as const

/**
 * A barrier in a database. Sessions of a program that was killed wait on, as they do in a long statement, and go on when
 * they are let go.
 * @param name a plain word, another one for each barrier of a database.
 */
export const makeBarrier = async (postgres: TestPostgres, database: string, name: string): Promise<Barrier> => {
  const client = await postgres.superuser(database)
  await client.query(`SET application_name = 'psql'`)
  const key = `hashtext('${name}')`
  await client.query(`
    CREATE SCHEMA IF NOT EXISTS barrier;
    CREATE FUNCTION barrier.${name}() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM pg_advisory_lock_shared(4711, ${key});
        PERFORM pg_advisory_unlock_shared(4711, ${key});
        RETURN NULL;
      END $$`)
  await client.query(`SELECT pg_advisory_lock(4711, ${key})`)
  let isHeld = true
  return {
    at: async ({ table, fires, moment = 'statement' }) => {
      const constraint = moment === 'commit' ? 'CONSTRAINT' : ''
      await client.query(
        `CREATE ${constraint} TRIGGER ${name} ${fires} ON ${table} ${EACH[moment]} EXECUTE FUNCTION barrier.${name}()`,
      )
    },
    reached: async (run) => {
      const waiting = `SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND classid = 4711 AND objid::bigint = (${key}::bigint & 4294967295)`
      while ((await client.query(waiting)).rowCount === 0) {
        if (run.hasEnded()) {
          const { code, stderr } = await run.ended
          throw new Error(`The run ended (${code}) before it came to ${name}: ${stderr}`)
        }
        await sleep(5)
      }
    },
    release: async () => {
      if (!isHeld) return
      isHeld = false
      await client.end()
    },
  }
}
