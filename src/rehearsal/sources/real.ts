import { describeSettings, type PostgresSettings } from '../../postgres/settings.ts'
import type { HomeserverConfig } from '../../synapse/homeserver.ts'
import type { StagedSource } from '../../synapse/sqlite/staged-source.ts'
import type { ProgressListener } from '../../targets/progress.ts'
import { copyHomeserver } from './copy-homeserver.ts'
import type { RehearsalSource } from './rehearsal-source.ts'

export interface RealHomeserver {
  readonly homeserver: HomeserverConfig
  readonly source: PostgresSettings
  /** Where it is a SQLite file: it is a copy already. */
  readonly staged?: StagedSource
  readonly secrets: RehearsalSource['secrets']
}

export interface RealSourceOptions extends RealHomeserver {
  /** Makes an empty database as Synapse wants it. */
  readonly createDatabase: (name: string) => Promise<PostgresSettings>
  readonly progress: ProgressListener
  readonly signal: AbortSignal
}

const counted = (accounts: number): string =>
  `${accounts.toLocaleString('en-US')} ${accounts === 1 ? 'account' : 'accounts'}`

/** The homeserver itself: read once, in one snapshot; what follows works on the copy. */
export const realSource = async (options: RealSourceOptions): Promise<RehearsalSource> => {
  const { homeserver, source, staged, secrets, createDatabase, progress, signal } = options
  const common = { kind: 'real', homeserver, files: homeserver.files, secrets, asOf: Date.now() } as const
  if (staged !== undefined) return { ...common, what: `${staged.file}, as it was at the start`, source, staged }
  const copy = await createDatabase('synapse')
  const { accounts } = await copyHomeserver({ from: source, into: copy, progress, signal })
  return { ...common, what: `a copy of ${describeSettings(source)}, ${counted(accounts)}`, source: copy }
}
