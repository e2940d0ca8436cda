import type { RehearsedTarget } from '../rehearsal/rehearsed-targets.ts'
import type { SyntheticHomeserver } from '../rehearsal/synthetic/people.ts'

/** A path, relative to the working folder, or a URL as `new URL('./mapping.yaml', import.meta.url)` gives one. */
export type File = string | URL

/** Where the services come from. What is not said here is as the variables `SYN2OP_REHEARSAL_…` say; else the first way that works is used. */
export interface RehearsalBackends {
  /** Only containers, or only programs of this machine. What is given is used all the same. */
  readonly require?: 'containers' | 'local'
  /** URL of a PostgreSQL server on which databases may be made, and dropped afterwards. */
  readonly postgres?: string
  /** A Keycloak in which a realm may be made, and deleted afterwards. */
  readonly keycloak?: { readonly url: string; readonly adminUser: string; readonly adminPassword: string }
  /** The folder of a distribution of Keycloak. */
  readonly keycloakHome?: File
  /** The program `mas-cli`. */
  readonly masCli?: File
  /** Images of containers by their service. */
  readonly images?: Readonly<Partial<Record<'postgres' | 'keycloak' | 'mas' | 'synapse', string>>>
  /** A registry of your own, `HOST/PATH`, that has the usual images. */
  readonly registry?: string
  readonly pull?: 'missing' | 'always' | 'never'
}

/** One rehearsal. */
export interface RehearsalOptions {
  /** A homeserver that is made up, or the folder of one that `syn2op sample` made. */
  readonly people: SyntheticHomeserver | File
  /** Absent: `mas`. */
  readonly target?: RehearsedTarget
  /** Your rules. Absent: those that come with syn2op. */
  readonly mapping?: File
  /** The target's own configuration, for MAS several files in its order. Absent: made to fit the homeserver. */
  readonly targetConfig?: File | readonly File[]
  /** Codes of warnings that are acknowledged on the night too; a rehearsal itself goes on whatever is found. */
  readonly accept?: readonly string[]
  /**
   * Told what is done, a line each, such as which services are used and why not others, and last what could not be ended. Absent:
   * `console.warn` tells that last alone.
   */
  readonly note?: (message: string) => void
  /** Ends the rehearsal, with all that it began. */
  readonly signal?: AbortSignal
}
