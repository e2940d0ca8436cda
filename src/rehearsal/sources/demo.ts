import { join } from 'node:path'
import { connect } from '../../postgres/connect.ts'
import type { PostgresSettings } from '../../postgres/settings.ts'
import { loadHomeserver } from '../../synapse/load-homeserver.ts'
import { DEMO_CANARIES } from '../demo/canaries.ts'
import { NEWEST_SYNAPSE } from '../demo/catalogue.ts'
import { writeDemoConfigs } from '../demo/configs.ts'
import { DEMO } from '../demo/constants.ts'
import { synapseDdl } from '../demo/ddl.ts'
import { fillDemoHomeserver } from '../demo/fill.ts'
import type { RehearsalSource } from './rehearsal-source.ts'

export interface DemoPeople {
  readonly accounts: number
  /** With every kind of damage, or with none. */
  readonly damage: 'all' | 'none'
  /** The same seed makes the same people. Default: 1. */
  readonly seed?: number
}

export interface DemoSourceOptions extends DemoPeople {
  readonly createDatabase: (name: string) => Promise<PostgresSettings>
  /** For homeserver.yaml. */
  readonly folder: string
  readonly signal: AbortSignal
}

const secrets: RehearsalSource['secrets'] = {
  canaries: DEMO_CANARIES.flatMap(({ localpart, password }) =>
    password === undefined ? [] : [{ mxid: `@${localpart}:${DEMO.serverName}`, password: password.password }],
  ),
  tokens: DEMO_CANARIES.map(({ localpart, device, accessToken }) => ({
    mxid: `@${localpart}:${DEMO.serverName}`,
    device,
    token: accessToken,
  })),
}

/** A made-up homeserver with every kind of account, and of damage, that we know of. */
export const demoSource = async (options: DemoSourceOptions): Promise<RehearsalSource> => {
  const { accounts, damage, seed, createDatabase, folder, signal } = options
  const source = await createDatabase('synapse')
  const client = await connect(source, { applicationName: 'syn2op demo', signal })
  try {
    for (const statement of synapseDdl(NEWEST_SYNAPSE)) await client.query(statement)
    await fillDemoHomeserver(client, {
      accounts,
      damage,
      version: NEWEST_SYNAPSE,
      ...(seed === undefined ? {} : { seed }),
    })
  } finally {
    await client.end()
  }
  const { homeserver: file } = await writeDemoConfigs(join(folder, 'homeserver'), { synapse: source, mas: source })
  const homeserver = await loadHomeserver([file])
  return {
    kind: 'demo',
    what: `made-up homeserver of ${accounts.toLocaleString('en-US')} accounts`,
    homeserver,
    files: [file],
    source,
    asOf: DEMO.now,
    secrets,
  }
}
