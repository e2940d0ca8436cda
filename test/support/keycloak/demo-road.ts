import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { createDemoHomeserver } from '../migration/demo-homeserver.ts'
import type { TestPostgres } from '../postgres.ts'
import { makeDemoRealm } from './demo-realm.ts'
import { emptyRealm, peopleOf, type RealmPerson } from './people.ts'
import { type KeycloakProxy, openKeycloakProxy } from './proxy.ts'
import type { TestRealm } from './realm.ts'
import type { KeycloakAddress } from './server.ts'

/** A demo homeserver and an empty realm, with a proxy before it, for the program as an administrator runs it. */
export interface KeycloakRoad {
  readonly realm: TestRealm
  readonly proxy: KeycloakProxy
  readonly folder: string
  /** Without the as-of time, which a resumed run has already. */
  readonly flags: readonly string[]
  /** The same with a folder of runs of another machine. */
  readonly elsewhere: readonly string[]
  readonly asOf: string
  /** Everybody in the realm, without what differs by run. */
  people(): Promise<readonly object[]>
  /** Changes what keycloak.yaml says. */
  configure(changes: object): Promise<void>
  /** Forgets people and runs. */
  empty(): Promise<void>
  remove(): Promise<void>
}

export const withoutMarks = ({ attributes, ...person }: RealmPerson): object => {
  const { syn2op_run: _, syn2op_written: __, ...kept } = attributes
  return { ...person, attributes: kept }
}

export const makeKeycloakRoad = async (
  keycloak: KeycloakAddress,
  postgres: TestPostgres,
  { name, accounts }: { readonly name: string; readonly accounts: number },
): Promise<KeycloakRoad> => {
  const folder = await mkdtemp(join(tmpdir(), 'syn2op-keycloak-road-'))
  const synapse = await createDemoHomeserver(postgres, name, { accounts })
  const { realm, runs, flags, asOf } = await makeDemoRealm(keycloak, { folder, synapse })
  const proxy = await openKeycloakProxy(keycloak.url)
  const overlay = join(folder, 'changes.yaml')
  const other = join(folder, 'other-runs')
  const configure = (changes: object): Promise<void> =>
    writeFile(overlay, stringify({ url: proxy.url, ...changes }), { mode: 0o600 })
  await configure({})
  await mkdir(other)
  const named = [...flags, `--target-config=${overlay}`]
  return {
    realm,
    proxy,
    folder,
    flags: named,
    elsewhere: named.map((flag) => (flag.startsWith('--runs-dir=') ? `--runs-dir=${other}` : flag)),
    asOf,
    people: async () => (await peopleOf(realm)).map(withoutMarks),
    configure,
    empty: async () => {
      await emptyRealm(realm)
      for (const one of [runs, other]) {
        await rm(one, { recursive: true, force: true })
        await mkdir(one)
      }
    },
    remove: async () => {
      await proxy.close()
      await realm.remove().catch(() => {})
      await rm(folder, { recursive: true, force: true })
    },
  }
}
