import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { DEMO } from '../../../src/rehearsal/demo/constants.ts'
import { type DemoRealm, makeDemoRealm } from '../keycloak/demo-realm.ts'
import { rememberPresent, removeNewcomers, USER_TABLES } from '../keycloak/newcomers.ts'
import { peopleOf } from '../keycloak/people.ts'
import { countRealmUsers, type RealmRows, readRealmRows } from '../keycloak/realm-rows.ts'
import { startKeycloak } from '../keycloak/server.ts'
import { createDemoHomeserver } from '../migration/demo-homeserver.ts'
import { startTestPostgres } from '../postgres.ts'
import { addStrangers } from './keycloak-strangers.ts'

/** What Keycloak tells of everybody in a realm, and what its tables hold of them. */
export interface RealmSeen {
  readonly told: unknown
  readonly rows: RealmRows
  /** Rows of users of every realm, by table. */
  readonly counts: Readonly<Record<string, number>>
}

/** A damaged demo homeserver, and a Keycloak of its own with a realm in which some people are already. */
export interface KeycloakStage {
  readonly demo: DemoRealm
  /** Usernames of those who were there before. */
  readonly strangers: ReadonlySet<string>
  /** Asks Keycloak for each: not for many. */
  see(): Promise<RealmSeen>
  rows(): Promise<RealmRows>
  users(): Promise<number>
  /** Leaves the strangers alone there, and forgets every run. */
  reset(): Promise<void>
  close(): Promise<void>
}

const SYNAPSE = 'keycloak_stage_synapse'

const countRows = async (client: pg.Client): Promise<Readonly<Record<string, number>>> => {
  const columns = USER_TABLES.map((table) => `(SELECT count(*)::integer FROM ${table}) AS ${table}`)
  const { rows } = await client.query<Record<string, number>>(`SELECT ${columns.join(', ')}`)
  return rows[0] ?? {}
}

export const makeKeycloakStage = async ({
  accounts,
  compiler,
}: {
  readonly accounts: number
  readonly compiler: 'quick' | 'thorough'
}): Promise<KeycloakStage> => {
  const postgres = await startTestPostgres()
  const synapse = await createDemoHomeserver(postgres, SYNAPSE, { accounts })
  const keycloak = await startKeycloak({ postgres, pepper: DEMO.pepper, compiler }).catch(async (error: unknown) => {
    await postgres.stop()
    throw error
  })
  const folder = await mkdtemp(join(tmpdir(), 'syn2op-keycloak-stage-'))
  const databaseUrl = postgres.url(keycloak.database)
  const demo = await makeDemoRealm(keycloak, { folder, synapse, databaseUrl })
  const client = await postgres.superuser(keycloak.database)
  await addStrangers(demo.realm)
  await rememberPresent(client, demo.realm.name)
  const rows = (): Promise<RealmRows> => readRealmRows(client, demo.realm.name)
  return {
    demo,
    strangers: new Set((await rows()).keys()),
    see: async () => ({ told: await peopleOf(demo.realm), rows: await rows(), counts: await countRows(client) }),
    rows,
    users: () => countRealmUsers(client, demo.realm.name),
    reset: async () => {
      await removeNewcomers(client, demo.realm.name)
      await demo.realm.admin.post('clear-user-cache', {})
      await rm(demo.runs, { recursive: true, force: true })
      await mkdir(demo.runs)
    },
    close: async () => {
      await client.end()
      await keycloak.stop()
      await postgres.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
