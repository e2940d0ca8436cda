import type { PostgresSettings } from '../../postgres/settings.ts'

/** How the names of all databases begin that rehearsals make on a server that is given. */
export const DATABASE_PREFIX = 'syn2op_rehearsal_'

/** Such as `syn2op_rehearsal_20261123-120501-1k7vq0c8m2xha_mas`; within the 63 bytes of a name as long as `name` has 16. */
export const databaseName = (id: string, name: string): string => `${DATABASE_PREFIX}${id}_${name}`

/** By which a lease tells one server from another. */
export const serverOf = ({ host, port }: Pick<PostgresSettings, 'host' | 'port'>): string => `${host}:${port}`

export const KEPT_COMMENT = 'Kept.'

/** Whose a database is, for those who find it: people, and a sweep that cannot see the lease. */
export interface DatabaseOwner {
  readonly id: string
  readonly host: string
  readonly folder: string
  /** When whoever cannot see that rehearsal may take it for dead. */
  readonly until: Date
}

export const databaseComment = ({ id, host, folder, until }: DatabaseOwner): string =>
  `Rehearsal ${id} of syn2op on ${host} in ${folder}, which drops it. Nobody needs it after ${until.toISOString()}.`

const COMMENT = /^Rehearsal (\S+) of syn2op on (\S+) in (.+), which drops it\. Nobody needs it after (\S+)\.$/u

/** Whether a comment says that the database is of this lease, kept or not. */
export const isCommentOf = (comment: string, { id, folder }: Pick<DatabaseOwner, 'id' | 'folder'>): boolean => {
  const kept = `${KEPT_COMMENT} `
  const owner = readDatabaseComment(comment.startsWith(kept) ? comment.slice(kept.length) : comment)
  return owner?.id === id && owner.folder === folder
}

/** Undefined: it is no comment of ours, or says that the database is to be kept. */
export const readDatabaseComment = (comment: string): DatabaseOwner | undefined => {
  const [, id, host, folder, until] = COMMENT.exec(comment) ?? []
  if (id === undefined || host === undefined || folder === undefined || until === undefined) return undefined
  const moment = new Date(until)
  return Number.isNaN(moment.getTime()) ? undefined : { id, host, folder, until: moment }
}
