import { existsSync, statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { startTestPostgres } from '../postgres.ts'
import { makeToyRoad, type ToyConfig } from '../toy-road.ts'
import { openUnsteadyNetwork } from '../unsteady-network.ts'
import type { FaultRoad } from './fault-road.ts'

export interface SlowFaultRoad extends FaultRoad {
  configure(config: ToyConfig): Promise<void>
  close(): Promise<void>
}

/** In the runs' own words; whether this run or one before it created an account makes no difference to the end. */
const settled = (outcome: string): string => (['created', 'updated', 'unchanged'].includes(outcome) ? 'there' : outcome)

/** The files of the runs, that which was begun last first, whatever its clock said. */
const filesOf = async (runs: string): Promise<readonly string[]> =>
  (await readdir(runs).catch(() => []))
    .map((name) => join(runs, name, 'journal.sqlite'))
    .filter((file) => existsSync(file))
    .toSorted((one, other) => statSync(other).birthtimeMs - statSync(one).birthtimeMs)

const read = <Result>(file: string, look: (journal: DatabaseSync) => Result): Result => {
  const journal = new DatabaseSync(file, { readOnly: true })
  try {
    return look(journal)
  } finally {
    journal.close()
  }
}

/** Undefined: it was not entered. */
const stateOf = (file: string): string | undefined =>
  read(file, (journal) => {
    const isThere = journal.prepare(`SELECT 1 FROM sqlite_master WHERE name = 'run'`).get() !== undefined
    const row = isThere ? journal.prepare(`SELECT value FROM run WHERE name = 'state'`).get() : undefined
    return row === undefined ? undefined : String(row['value'])
  })

/** The last run of which anything may be at the target. */
const isUnfinished = async (runs: string): Promise<boolean> => {
  const states = (await filesOf(runs)).map(stateOf)
  return states.find((state) => state !== undefined && state !== 'deciding') === 'open'
}

/** What became of each account by the file of the last run, and whether that has come to its end. */
const readOutcomes = async (runs: string): Promise<Readonly<Record<string, string>>> => {
  const [file] = await filesOf(runs)
  if (file === undefined) return {}
  return read(file, (journal) => {
    const rows = journal.prepare('SELECT mxid, outcome, outcome_reason FROM account').all()
    return Object.fromEntries([
      ['the run', String(stateOf(file))],
      ...rows
        .map(({ mxid, outcome, outcome_reason }): [string, string] => [
          String(mxid),
          `${settled(String(outcome))} ${String(outcome_reason ?? '')}`,
        ])
        .toSorted(([one], [other]) => (one < other ? -1 : 1)),
    ])
  })
}

/** A demo homeserver and the toy target, which is asked account by account. */
export const makeSlowFaultRoad = async ({ accounts }: { readonly accounts: number }): Promise<SlowFaultRoad> => {
  const postgres = await startTestPostgres()
  const network = await openUnsteadyNetwork(postgres.port)
  // The program comes by the network, whoever else asks directly.
  const road = await makeToyRoad(
    {
      ...postgres,
      createDatabase: async (...given) => ({ ...(await postgres.createDatabase(...given)), port: network.port }),
    },
    { name: 'faults_slow', accounts },
  )
  const slow: ToyConfig = { pause: 4, batchSize: 25 }
  return {
    name: 'slow road',
    command: ['migrate', '--yes', ...road.flags, road.asOf],
    folder: road.folder,
    runs: road.runs,
    source: { postgres, database: road.synapse, network },
    phases: ['decide', 'apply'],
    reset: async () => {
      await road.empty()
      await road.configure(slow)
    },
    state: async () => ({ people: await road.people(), outcomes: await readOutcomes(road.runs) }),
    isUnfinished: () => isUnfinished(road.runs),
    configure: road.configure,
    close: async () => {
      await road.remove()
      await network.close()
      await postgres.stop()
    },
  }
}
