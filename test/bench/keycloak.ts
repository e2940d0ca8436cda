/**
 * Measures how many accounts a second come to a Keycloak by our program, one by one, and by partialImport with 500 in a
 * request as others do it: in one run on one machine, taking turns, the same kind of people, into realms of several sizes.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { ClientBase } from 'pg'
import { DEMO } from '../../src/rehearsal/demo/constants.ts'
import { makeDemoRealm } from '../support/keycloak/demo-realm.ts'
import { type KeycloakServer, startKeycloak } from '../support/keycloak/server.ts'
import type { TestPostgres } from '../support/server-for-tests.ts'
import { prepareDatabases } from './bench-databases.ts'
import { onBenchServer, SERVER_FLAGS } from './bench-server.ts'
import { javaPeakBytes } from './keycloak/java-memory.ts'
import { peersPeople } from './keycloak/people.ts'
import { preload } from './keycloak/preload.ts'
import { type MeasuredSize, measuredTable } from './keycloak/table.ts'
import { clearRealm, type Stand, TURNS, type Turn } from './keycloak/turn.ts'

const { values } = parseArgs({
  options: {
    /** Users in the realm before anybody comes, the smallest first. */
    'present': { type: 'string' },
    /** Of the homeserver; about eight in a hundred are guests and ghosts, who stay there. */
    'accounts': { type: 'string' },
    /** Those that go by the slower roads. */
    'peers-accounts': { type: 'string' },
    'window': { type: 'string' },
    'rounds': { type: 'string' },
    /** Small numbers, to try whether it works. */
    'quick': { type: 'boolean', default: false },
    /** The numbers as JSON. */
    'json': { type: 'string' },
    ...SERVER_FLAGS,
  },
})

const DEFAULTS = values.quick
  ? { present: '0,5000', accounts: 1500, peers: 500, window: 500, rounds: 1 }
  : { present: '0,100000,500000', accounts: 33_000, peers: 2000, window: 10_000, rounds: 3 }
const scale = {
  present: (values.present ?? DEFAULTS.present).split(',').map(Number),
  accounts: Number(values.accounts ?? DEFAULTS.accounts),
  peers: Number(values['peers-accounts'] ?? DEFAULTS.peers),
  window: Number(values.window ?? DEFAULTS.window),
  rounds: Number(values.rounds ?? DEFAULTS.rounds),
}

/** Accounts of the homeserver that Keycloak's compiler is warmed with before anything counts. */
const WARM_UP = 1500

const show = ({ road, accounts, seconds, pace, windows = [], peakBytes }: Turn): void => {
  const shown = windows.map((one) => one.toFixed(0)).join(', ')
  const memory = peakBytes === undefined ? '' : `${(peakBytes / 2 ** 20).toFixed(0)} MiB`
  console.log(
    `  ${road.padEnd(30)}${String(accounts).padStart(7)} in ${seconds.toFixed(1).padStart(6)} s: ${pace.toFixed(0).padStart(5)}/s  ${shown}  ${memory}`,
  )
}

const measureSize = async (stand: Stand, present: number, from: number): Promise<MeasuredSize> => {
  const started = performance.now()
  await preload(stand.client, { realm: stand.demo.realm.name, from, to: present })
  console.log(
    `${present} users in the realm (${present - from} put there in ${((performance.now() - started) / 1000).toFixed(0)} s)`,
  )
  const turns: Turn[] = []
  for (let round = 0; round < scale.rounds; round++) {
    for (const take of Object.values(TURNS)) {
      const turn = await take(stand)
      show(turn)
      turns.push(turn)
    }
  }
  await clearRealm(stand)
  return { present, turns }
}

interface StandOptions {
  readonly postgres: TestPostgres
  readonly keycloak: KeycloakServer
  readonly client: ClientBase
  readonly accounts: number
  readonly peers: number
}

/** Works on a stand with a homeserver and a realm of its own. */
const onStand = async (options: StandOptions, work: (stand: Stand) => Promise<void>): Promise<void> => {
  const { postgres, keycloak, client, accounts, peers } = options
  const { synapse, remove } = await prepareDatabases(postgres, { accounts, mas: undefined })
  const folder = await mkdtemp(join(tmpdir(), 'syn2op-bench-keycloak-'))
  const demo = await makeDemoRealm(keycloak, {
    folder,
    synapse: postgres.settings(synapse),
    databaseUrl: postgres.url(keycloak.database),
  })
  try {
    const people = await peersPeople(postgres, synapse, peers)
    await work({ client, demo, folder, people, window: scale.window })
  } finally {
    await demo.realm.remove()
    await rm(folder, { recursive: true, force: true })
    await remove()
  }
}

const measureAll = async (stand: Stand): Promise<readonly MeasuredSize[]> => {
  const sizes: MeasuredSize[] = []
  for (const present of scale.present) sizes.push(await measureSize(stand, present, sizes.at(-1)?.present ?? 0))
  return sizes
}

const tell = async (sizes: readonly MeasuredSize[]): Promise<void> => {
  const keycloakBytes = await javaPeakBytes()
  console.log(`\n${measuredTable(sizes)}\n`)
  if (keycloakBytes !== undefined) console.log(`Keycloak had ${(keycloakBytes / 2 ** 20).toFixed(0)} MiB at most`)
  if (values.json !== undefined)
    await writeFile(values.json, JSON.stringify({ ...scale, sizes, keycloakBytes }, null, 2))
}

await onBenchServer(`Keycloak, ${scale.accounts} accounts`, values, async (postgres) => {
  const keycloak = await startKeycloak({ postgres, pepper: DEMO.pepper, compiler: 'thorough' })
  const client = await postgres.superuser(keycloak.database)
  try {
    const common = { postgres, keycloak, client }
    await onStand({ ...common, accounts: WARM_UP, peers: WARM_UP / 2 }, async (stand) => {
      await preload(client, { realm: stand.demo.realm.name, from: 0, to: 0 })
      for (const take of Object.values(TURNS)) await take(stand)
    })
    await onStand({ ...common, accounts: scale.accounts, peers: scale.peers }, async (stand) =>
      tell(await measureAll(stand)),
    )
  } finally {
    await client.end()
    await keycloak.stop()
  }
})
