/**
 * Something of a rehearsal that would outlive us if nobody ended it. Noted in the lease before it is begun, so that whoever cleans
 * up after a death knows of it. Never with a secret.
 */
export type Belonging =
  /** The folder of an embedded PostgreSQL, directly in the lease's; its server is found by it. */
  | { readonly kind: 'cluster'; readonly folder: string }
  /** A program that leads a group of processes of its own. `started` tells it from another that has its number by now. */
  | { readonly kind: 'program'; readonly pid: number; readonly started: string }
  /** Containers of a container engine, found by the lease's labels. `engine`: its id, where it has one. */
  | { readonly kind: 'containers'; readonly engine?: string }
  /** A database on a server that was given. `serverLease`: the id of another lease, with which that server goes, and all that is on it. */
  | { readonly kind: 'database'; readonly server: string; readonly name: string; readonly serverLease?: string }
  /** A realm at a Keycloak that was given. */
  | { readonly kind: 'realm'; readonly url: string; readonly name: string }

/** One rehearsal's claim to what it has begun: a folder that tells whose it is, and all that would have to be ended. */
export interface Lease {
  /** Such as `20261123-120501-1k7vq0c8m2xha`; part of the names of what is made. */
  readonly id: string
  /** Only its owner may read it (0700; as root 0711, where a database server runs as somebody else). Its files go with it. */
  readonly folder: string
  /** What every container of the rehearsal is labelled with. */
  readonly labels: Readonly<Record<string, string>>
  /** Notes something, before it is begun. */
  holds(belonging: Belonging): Promise<void>
  /** What was noted is gone. */
  gone(belonging: Belonging): Promise<void>
  /** It is to be left running: no later rehearsal ends it by itself. */
  keep(): Promise<void>
  /** The folder goes too, unless something is noted still: then that is left to our guard, or to the next sweep. */
  end(): Promise<'ended' | 'something is left'>
}
