import type { PostgresSettings } from '../../../src/postgres/settings.ts'
import { DEMO } from '../../../src/rehearsal/demo/constants.ts'
import { connectionsTo } from '../../../src/targets/mas/connections.ts'
import type { MasDatabase } from '../../../src/targets/mas/mas-database.ts'
import type { IdentifierMethod } from '../../../src/targets/mas/rows/identifiers.ts'
import { soundConfig, soundInspection } from '../sound-mas.ts'

/** A MAS database as the parts of its room get it, its tables in their place. */
export const openMasDatabase = async (
  settings: PostgresSettings,
  { passwordVersion = 1 }: { readonly passwordVersion?: number } = {},
): Promise<MasDatabase & { close(): Promise<void> }> => {
  const { close, ...connections } = connectionsTo(settings, new AbortController().signal)
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
    control: await connections.open('control', 'read-write'),
    writers: 3,
    ...connections,
    inspection: async () => soundInspection,
    homeSchema: async () => 'public',
    schema: async () => 'public',
    seedKey,
    rows,
    close,
  }
}
