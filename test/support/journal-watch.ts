import { setTimeout as sleep } from 'node:timers/promises'
import type { RunningProgram } from './built-program.ts'
import type { TestPostgres } from './postgres.ts'

export interface JournalWatch {
  /** What the run under way is doing; undefined when none has begun, or it has finished. */
  activity(): Promise<string | undefined>
  /** Waits until the activity matches; fails when the run ends before that. */
  until(run: RunningProgram, wanted: RegExp): Promise<void>
  end(): Promise<void>
}

/** Watches the journal of a MAS database from outside, over one connection, as often as the server answers. */
export const watchJournal = async (postgres: TestPostgres, database: string): Promise<JournalWatch> => {
  const client = await postgres.superuser(database)
  // The check lets tools stay connected, but no program that could be a MAS.
  await client.query(`SET application_name = 'psql'`)
  const activity = async (): Promise<string | undefined> => {
    const { rows: present } = await client.query(`SELECT to_regclass('syn2op.run') IS NOT NULL AS present`)
    if (present[0]?.present !== true) return undefined
    const { rows } = await client.query(`SELECT activity FROM syn2op.run WHERE state = 'loading'`)
    return rows[0]?.activity
  }
  return {
    activity,
    until: async (run, wanted) => {
      while (!wanted.test((await activity()) ?? '')) {
        if (run.hasEnded()) throw new Error(`The run ended before ${wanted}: ${(await run.ended).stderr}`)
        await sleep(1)
      }
    },
    end: () => client.end(),
  }
}
