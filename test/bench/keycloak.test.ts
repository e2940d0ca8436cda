import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished, test } from 'vitest'
import { makeDemoRealm } from '../support/keycloak/demo-realm.ts'
import { rememberPresent } from '../support/keycloak/newcomers.ts'
import { sharedKeycloak } from '../support/keycloak/shared-server.ts'
import { testPostgres } from '../support/postgres.ts'
import { prepareDatabases } from './bench-databases.ts'
import { peersPeople } from './keycloak/people.ts'
import { paceOf } from './keycloak/table.ts'
import { TURNS, type Turn } from './keycloak/turn.ts'

/** A server that has just begun compiles beside its work, and this is small: on one that is warm ours is several times faster. */
const BOUND = 1.5
const LONG = process.env['SYN2OP_TEST_LONG'] === '1'
const ACCOUNTS = LONG ? 3000 : 2000
const PEERS_ACCOUNTS = LONG ? 1000 : 600
const ROUNDS = LONG ? 3 : 2

/** For what hangs: a minute on a machine that does nothing else, five beside others' work. */
const TIMEOUT = 900_000

test('a realm is filled at least half as fast again as by partialImport with 500 in a request', {
  timeout: TIMEOUT,
}, async ({ expect, skip }) => {
  const postgres = testPostgres()
  const keycloak = await sharedKeycloak()
  if (keycloak.database === undefined) return skip('the database of this Keycloak is not known')
  const { synapse, remove } = await prepareDatabases(postgres, { accounts: ACCOUNTS, mas: undefined })
  onTestFinished(remove)
  const folder = await mkdtemp(join(tmpdir(), 'syn2op-bench-keycloak-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const client = await postgres.superuser(keycloak.database)
  onTestFinished(() => client.end())
  const demo = await makeDemoRealm(keycloak, {
    folder,
    synapse: postgres.settings(synapse),
    databaseUrl: postgres.url(keycloak.database),
  })
  onTestFinished(demo.realm.remove)
  await rememberPresent(client, demo.realm.name)
  const people = await peersPeople(postgres, synapse, PEERS_ACCOUNTS)
  const stand = { client, demo, folder, people, window: ACCOUNTS }

  const turns: Turn[] = []
  for (let round = 0; round < ROUNDS; round++) {
    turns.push(await TURNS['partialImport, 500 a request'](stand))
    turns.push(await TURNS['syn2op migrate'](stand))
  }

  const size = { present: 0, turns }
  console.log(turns.map(({ road, pace }) => `${road}: ${pace.toFixed(0)}/s`).join('\n'))
  expect(paceOf(size, 'syn2op migrate') / paceOf(size, 'partialImport, 500 a request')).toBeGreaterThan(BOUND)
})
