import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeDemoConfigs } from '../../src/rehearsal/demo/configs.ts'
import { DEMO } from '../../src/rehearsal/demo/constants.ts'
import { createDemoHomeserver } from './migration/demo-homeserver.ts'
import type { TestPostgres } from './postgres.ts'

export interface ToyConfig {
  /** Milliseconds that the toy takes for each account. */
  readonly pause?: number
  /** Milliseconds after a batch is written, or a run taken back, and before it says so. */
  readonly afterwards?: number
  readonly refuse?: readonly string[]
  /** They wait until all others have had their turn. */
  readonly waits?: readonly string[]
  /** What the process gets when something of a run is taken back, before the toy says so. */
  readonly thenSignal?: 'SIGKILL' | 'SIGINT'
  /** `hasBegun` tells of this. */
  readonly tells?: true
  /** The process gets SIGKILL when a batch is written, before the toy says so. */
  readonly diesOfWriting?: true
  readonly batchSize?: number
}

/** A demo homeserver, and the toy target with an empty file of people, for the program as an administrator runs it. */
export interface ToyRoad {
  /** Name of Synapse's database. */
  readonly synapse: string
  readonly folder: string
  /** The folder of the runs. */
  readonly runs: string
  /** Without the as-of time, which a resumed run has already. */
  readonly flags: readonly string[]
  readonly asOf: string
  configure(config: ToyConfig): Promise<void>
  /** The people at the toy, but for which run wrote them; empty where it was never written to. */
  people(): Promise<Readonly<Record<string, unknown>>>
  /** Whether the toy is at work on a batch, or has taken back the first account, since the road was emptied or configured. */
  hasBegun(): boolean
  /** Forgets people and runs. */
  empty(): Promise<void>
  remove(): Promise<void>
}

/** As the toy's file has them. */
interface Person {
  /** Which run wrote each row. */
  readonly runs?: unknown
}

export const toyTarget = fileURLToPath(new URL('toy-target/target.js', import.meta.url))

export const makeToyRoad = async (
  postgres: TestPostgres,
  { name, accounts }: { readonly name: string; readonly accounts: number },
): Promise<ToyRoad> => {
  const source = await createDemoHomeserver(postgres, name, { accounts })
  const folder = await mkdtemp(join(tmpdir(), 'syn2op-toy-road-'))
  const files = await writeDemoConfigs(folder, { synapse: source, mas: source })
  const config = join(folder, 'toy.json')
  const runs = join(folder, 'runs')
  const file = join(folder, 'people.json')
  const begun = `${file}.begun`
  const configure = async (toy: ToyConfig): Promise<void> => {
    await rm(begun, { force: true })
    await writeFile(config, JSON.stringify({ file: 'people.json', ...toy }))
  }
  await configure({})
  await mkdir(runs)
  return {
    synapse: name,
    folder,
    runs,
    flags: [
      `--target=${toyTarget}`,
      `--target-config=${config}`,
      `--synapse-config=${files.homeserver}`,
      `--runs-dir=${runs}`,
      '--accept=all-warnings',
      '--accept=SYNAPSE_BACKGROUND_UPDATES',
    ],
    asOf: `--as-of=${new Date(DEMO.now).toISOString()}`,
    configure,
    people: async () => {
      const people = JSON.parse(await readFile(file, 'utf8').catch(() => '{}')) as Readonly<Record<string, Person>>
      const withoutRuns = (person: Person) => {
        const { runs: _, ...kept } = person
        return kept
      }
      return Object.fromEntries(Object.entries(people).map(([mxid, person]) => [mxid, withoutRuns(person)]))
    },
    hasBegun: () => existsSync(begun),
    empty: async () => {
      await rm(file, { force: true })
      await rm(begun, { force: true })
      await rm(runs, { recursive: true, force: true })
      await mkdir(runs)
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}
