import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { writeDemoConfigs } from '../../../src/rehearsal/demo/configs.ts'
import { ulidToUuid } from '../../../src/targets/mas/config/ulid.ts'
import { makeDemoRealm } from '../keycloak/demo-realm.ts'
import { peopleOf, type RealmPerson } from '../keycloak/people.ts'
import type { TestRealm } from '../keycloak/realm.ts'
import type { KeycloakAddress } from '../keycloak/server.ts'
import { createDemoHomeserver } from '../migration/demo-homeserver.ts'
import { createMasDatabase } from '../migration/mas-database.ts'
import type { TestPostgres } from '../postgres.ts'

/** MAS's provider, which is the realm. */
const PROVIDER = '01JDEMM0SS0000000000000009'

/** A demo homeserver, an empty realm, and an empty MAS that the realm logs people in to. */
export interface BothRoad {
  readonly realm: TestRealm
  readonly folder: string
  /** The folder of the runs. */
  readonly runs: string
  /** Names of the databases. */
  readonly synapse: string
  readonly mas: string
  /** MAS's configuration. */
  readonly masFile: string
  /** Flags that name both targets and accept what every demo has. */
  readonly flags: readonly string[]
  readonly asOf: string
  /** Writes it, with changes. */
  configureMas(changes: object): Promise<void>
  /** Everybody in the realm but syn2op itself. */
  people(): Promise<readonly RealmPerson[]>
  /** Of a table of MAS, or of a query in brackets. */
  countInMas(what: string): Promise<number>
  remove(): Promise<void>
}

export const makeBothRoad = async (
  keycloak: KeycloakAddress,
  postgres: TestPostgres,
  { name, accounts }: { readonly name: string; readonly accounts: number },
): Promise<BothRoad> => {
  const folder = await mkdtemp(join(tmpdir(), 'syn2op-both-'))
  const [synapse, mas] = [`${name}_synapse`, `${name}_mas`]
  const source = await createDemoHomeserver(postgres, synapse, { accounts })
  const database = await createMasDatabase(postgres, mas, [ulidToUuid(PROVIDER)])
  const { realm, runs, flags, asOf } = await makeDemoRealm(keycloak, { folder, synapse: source })
  const files = await writeDemoConfigs(join(folder, 'mas'), { synapse: source, mas: database })
  const written = Object(parse(await readFile(files.mas, 'utf8')))
  const configureMas = (changes: object): Promise<void> =>
    writeFile(
      files.mas,
      stringify({
        ...written,
        // By passwords people log in at Keycloak.
        passwords: { enabled: false },
        upstream_oauth2: {
          providers: [
            {
              id: PROVIDER,
              human_name: 'Keycloak',
              issuer: `${realm.url}/realms/${realm.name}`,
              client_id: 'mas',
              token_endpoint_auth_method: 'none',
              scope: 'openid',
            },
          ],
        },
        ...changes,
      }),
    )
  await configureMas({})
  return {
    realm,
    folder,
    runs,
    synapse,
    mas,
    masFile: files.mas,
    flags: [
      '--target=keycloak',
      '--target=mas',
      `--target-config=mas=${files.mas}`,
      '--accept=NO_BACKUP',
      ...flags.flatMap((flag) => {
        if (flag === '--target=keycloak') return []
        return [flag.replace(/^--target-config=/u, '--target-config=keycloak=')]
      }),
    ],
    asOf,
    configureMas,
    people: async () => (await peopleOf(realm)).filter(({ username }) => !username.startsWith('service-account-')),
    countInMas: async (what) =>
      Number((await postgres.execute(mas, `SELECT count(*)::integer AS n FROM ${what}`))[0]?.['n']),
    remove: async () => {
      await realm.remove().catch(() => {})
      for (const one of [synapse, mas])
        await postgres.execute('postgres', `DROP DATABASE IF EXISTS ${one} WITH (FORCE)`)
      await rm(folder, { recursive: true, force: true })
    },
  }
}
