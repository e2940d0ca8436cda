import type { ProofRequest } from '../../migration/proofs/prove-logins.ts'
import type { PostgresSettings } from '../../postgres/settings.ts'
import type { HomeserverConfig } from '../../synapse/homeserver.ts'
import type { StagedSource } from '../../synapse/sqlite/staged-source.ts'

/** Whose people a rehearsal moves. */
export interface RehearsalSource {
  /** demo: made up; sample: masked, of a folder that `syn2op sample` made; real: the homeserver itself, which is only read. */
  readonly kind: 'demo' | 'sample' | 'real'
  /** For people: `made-up homeserver of 20,000 accounts`, `sample/ of 214 accounts`, `synapse@db:5432/synapse`. */
  readonly what: string
  readonly homeserver: HomeserverConfig
  /** Its homeserver.yaml, for whoever goes on by hand where everything is kept. */
  readonly files: readonly string[]
  readonly source: PostgresSettings
  readonly staged?: StagedSource
  /** Milliseconds since 1970; absent: now. */
  readonly asOf?: number
  /** Passwords and tokens of people, to be tried after the move. */
  readonly secrets: Pick<ProofRequest, 'canaries' | 'tokens'>
  /** Of a sample: how many accounts, and rows by relation, the homeserver has that it was taken of. */
  readonly original?: { readonly accounts: number; readonly rows: number }
}
