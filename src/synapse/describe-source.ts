import type { ServerDescription } from '../postgres/describe-server.ts'
import { describeSettings, type PostgresSettings } from '../postgres/settings.ts'
import type { EndDescription } from '../report/documents.ts'
import type { SourceCatalogue } from './catalogue.ts'
import type { SourceState } from './state.ts'

/** The source as a report shows it. */
export const describeSource = (
  settings: PostgresSettings,
  server: ServerDescription,
  catalogue: SourceCatalogue,
  state: SourceState,
): EndDescription => ({
  product: 'Synapse',
  version: state.schemaVersion === undefined ? 'unknown schema' : `schema ${state.schemaVersion}`,
  location: describeSettings(settings),
  schema: catalogue.schema,
  postgres: server.inRecovery ? `${server.version} (replica)` : server.version,
})
