import type { ConflictRules } from '../../mapping/mapping.ts'
import type { RunNames } from '../slow-road/run-names.ts'
import type { Unreported } from '../slow-road/unreported.ts'
import type { ImportSecrets } from './accounts/import-row.ts'
import type { UserRules } from './accounts/user-rules.ts'
import type { ManagementApi } from './api/management-api.ts'
import type { GonePeople } from './apply/gone-people.ts'
import type { KeptCensus } from './census/keep-census.ts'
import type { Auth0Config } from './config/auth0-config.ts'
import type { ImportNotes } from './jobs/import-notes.ts'
import type { Importing } from './jobs/importing.ts'
import type { JobsAtWork } from './jobs/jobs-at-work.ts'
import type { ScimEnds } from './links/scim/scim-ends.ts'

/** What is read of the tenant once. */
export interface AboutConnection {
  /** `con_…`. */
  readonly id: string
  readonly rules: UserRules
  readonly importing: Importing
}

/** What the parts of an open target share. */
export interface Auth0Tenant {
  readonly config: Auth0Config
  /** Of the homeserver whose people these are. */
  readonly serverName: string
  readonly conflicts: ConflictRules
  readonly api: ManagementApi
  /** What goes with the hashes: secrets. */
  readonly secrets: ImportSecrets
  about(signal: AbortSignal): Promise<AboutConnection>
  /** As the connection was read; undefined as long as it could not be. */
  knownRules(): UserRules | undefined
  readonly census: KeptCensus
  /** Who has been deleted to be made anew, and may not be back. */
  readonly gone: GonePeople
  /** What is written down of imports, for runs that come later. */
  readonly imports: ImportNotes
  readonly jobsAtWork: JobsAtWork
  /** By which people are made of connections that are no database. */
  readonly scim: ScimEnds
  /** By how they are looked at: a plan in all detail may come before the run that does it. */
  readonly runNames: { readonly quick: RunNames; readonly thorough: RunNames }
  readonly unreported: Unreported
  /** Milliseconds so far. */
  waited(): { readonly network: number; readonly quota: number }
}
