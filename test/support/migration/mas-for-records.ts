import type { Client } from 'pg'
import { connect } from '../../../src/postgres/connect.ts'
import type { PostgresSettings } from '../../../src/postgres/settings.ts'
import { DEMO } from '../../../src/rehearsal/demo/constants.ts'
import type { MasDatabase } from '../../../src/targets/mas/mas-database.ts'
import type { IdentifierMethod } from '../../../src/targets/mas/rows/identifiers.ts'
import { soundConfig, soundInspection } from '../sound-mas.ts'

/** A MAS database as the parts of its room get it, its tables in their place. */
export const openMasDatabase = async (
  settings: PostgresSettings,
  { passwordVersion = 1 }: { readonly passwordVersion?: number } = {},
): Promise<MasDatabase & { close(): Promise<void> }> => {
  const clients: Client[] = []
  const open = async (name: string): Promise<Client> => {
    const client = await connect(settings, {
      applicationName: name,
      signal: new AbortController().signal,
      access: 'read-write',
    })
    clients.push(client)
    return client
  }
  const seedKey = new Uint8Array(32).fill(7)
  const rows = (decisions: Parameters<MasDatabase['rows']>[0], method: IdentifierMethod) => ({
    decisions,
    serverName: DEMO.serverName,
    seeds: { method, key: seedKey },
    passwordVersion,
  })
  return {
    config: { ...soundConfig, database: settings, homeserver: DEMO.serverName },
    conflicts: { username: 'hold_back', email: 'hold_back', identity: 'hold_back' },
    control: await open('control'),
    writers: 3,
    open,
    inspection: async () => soundInspection,
    homeSchema: async () => 'public',
    schema: async () => 'public',
    seedKey,
    rows,
    close: async () => {
      await Promise.all(clients.map((client) => client.end()))
    },
  }
}
