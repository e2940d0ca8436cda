import type { PostgresSettings } from '../../../postgres/settings.ts'
import type { Service, StartContext, Way } from '../way.ts'

/** A Synapse of its own, on the loopback address, that speaks to nobody else. */
export interface SynapseService extends Service {
  /** Of its client API, such as `http://127.0.0.1:8008/`. */
  readonly url: string
}

/** It is started after hours of work: that what it takes can be had is asked before them. */
export interface SynapseWay extends Way<SynapseService> {
  /** Has what starting it takes, fetching it where it may be. Why it cannot be had, in words; undefined: it is there. */
  whyNotHad?(watched: Pick<StartContext, 'note' | 'signal'>): Promise<string | undefined>
}

/** The homeserver that a throw-away Synapse is to be. */
export interface SynapseWish {
  /** Its database: empty (UTF8, C locale), where Synapse makes all its tables, or one that a Synapse of the same or an older version has. */
  readonly database: PostgresSettings
  readonly serverName: string
  /** Of its passwords; a secret. */
  readonly pepper?: string
  /** MAS has the logins: passwords are not taken, and tokens are MAS's. */
  readonly delegation?: {
    readonly endpoint: string
    /** A secret. */
    readonly secret: string
  }
}

/** A loaded machine takes minutes for what takes ten seconds of one at rest. */
export const START_MS = 240_000
