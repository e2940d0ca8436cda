import type { RawBuilder } from 'kysely'
import type { Client } from 'pg'
import type { Finding } from '../findings/finding.ts'
import type { ConflictRules } from '../mapping/mapping.ts'
import type { PostgresSettings } from '../postgres/settings.ts'

/** A provider that leads to a Keycloak, as Synapse or MAS knows it. */
export interface UpstreamProvider {
  /** By which its links are known: `oidc-keycloak`, or the UUID of MAS's row. */
  readonly id: string
  /** Other words for it, which may be given to name it: the ULID of MAS's configuration. */
  readonly alias?: string
  readonly name: string
  readonly issuer?: string
  /** Nobody can log in with it. */
  readonly isOff?: true
  /** What it knows people by, where that is not the claim `sub`. */
  readonly subject?: string
  /** The setting by which whoever has no link gets the account of the same name. */
  readonly adoptsBy?: string
}

/** A column of the table of links, in the order of the values of a row. */
export interface LinkColumn {
  readonly name: string
  readonly type: 'text' | 'uuid' | 'timestamptz'
}

/** An account that is to be linked. */
export interface WantedLink {
  readonly mxid: string
  readonly localpart: string
  /** The user's id at Keycloak. */
  readonly subject: string
}

/** The same with what the table calls the account. */
export interface OwnedLink extends WantedLink {
  readonly user: string
}

/** A link that is there, of whichever account. */
export interface PresentLink {
  readonly subject: string
  /** As the table calls the account; null: nobody's yet. */
  readonly user: string | null
  /** Whose it is, for people. */
  readonly who: string
}

/** Where a place keeps who has logged in by which link: such a link stays when the others are taken back. */
export interface LinkLogins {
  /** In the schema of the table of links; an old place may not have it, and knows nothing of it then. */
  readonly table: string
  /** Of a row `t` of the table of links: somebody has logged in by it, or changed more of it than the columns tell. */
  isUsed(schema: string): RawBuilder<unknown>
  /** The same, as far as the row itself tells. */
  readonly isUsedByItself: RawBuilder<unknown>
}

/** Where links are written: a table of Synapse, or of MAS. */
export interface LinkPlace {
  readonly to: 'synapse' | 'mas'
  readonly product: 'Synapse' | 'MAS'
  readonly settings: PostgresSettings
  /** The homeserver whose accounts it has, where its own configuration names one. */
  readonly homeserver?: string
  readonly providers: readonly UpstreamProvider[]
  readonly table: string
  readonly columns: readonly LinkColumn[]
  /** Names of the columns that say which provider, which person of Keycloak, and which account. */
  readonly key: { readonly provider: string; readonly subject: string; readonly user: string }
  /**
   * A link may be nobody's there, of somebody who came by the provider and was let into no account. It becomes the link of the
   * account that is to have it.
   */
  readonly hasUnfinished: boolean
  /** Whether the provider itself is ready for links. */
  readiness(client: Client, provider: UpstreamProvider): Promise<readonly Finding[]>
  /** What the table calls the accounts; those that are not there are left out. */
  owners(client: Client, wanted: readonly WantedLink[]): Promise<readonly OwnedLink[]>
  /**
   * The Matrix ids of those whose account there is somebody else's, by what the migration into the place makes of a name
   * that is taken; absent: as its last run found it.
   */
  strangers?(
    client: Client,
    links: readonly OwnedLink[],
    usernames: ConflictRules['username'] | undefined,
  ): Promise<ReadonlySet<string>>
  /** Every link of the provider. */
  present(client: Client, provider: UpstreamProvider): Promise<readonly PresentLink[]>
  /**
   * The values of a row, in the order of the columns.
   * @param asOf when the link is made: milliseconds since 1970.
   */
  row(link: OwnedLink, provider: UpstreamProvider, asOf: number): readonly string[]
  readonly logins: LinkLogins
  /** Keeps others away who write accounts there, for as long as the connection lives. */
  lock?(client: Client): Promise<void>
  /** It must not run while links are written. */
  readonly mustStop: boolean
}
