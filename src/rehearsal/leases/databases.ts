import type { PostgresSettings } from '../../postgres/settings.ts'
import { takenAt } from './lease-id.ts'
import { DEADLINE_MS } from './lease-life.ts'
import type { Mark } from './orphan.ts'

/** How the names of all databases begin that rehearsals make on a server that is given. */
export const DATABASE_PREFIX = 'syn2op_rehearsal_'

/** Such as `syn2op_rehearsal_20261123-120501-1k7vq0c8m2xha_mas`; within the 63 bytes of a name as long as `name` has 16. */
export const databaseName = (id: string, name: string): string => `${DATABASE_PREFIX}${id}_${name}`

/** By which a lease tells one server from another. */
export const serverOf = ({ host, port }: Pick<PostgresSettings, 'host' | 'port'>): string => `${host}:${port}`

export const KEPT_COMMENT = 'Kept.'

/** Whose a database is, for those who find it: people, and a sweep that cannot see the lease. */
export type DatabaseOwner = Omit<Mark, 'place' | 'kept'> & { readonly place: string }

export const databaseComment = ({ id, place, folder, until }: DatabaseOwner): string => {
  const [name, ...more] = place.split(' ')
  const on = `${name} (${more.join(' ')})`
  return `Rehearsal ${id} of syn2op on ${on} in ${folder}, which drops it. Nobody needs it after ${until.toISOString()}.`
}

const COMMENT =
  /^(Kept\. )?Rehearsal (\S+) of syn2op on (\S+) \(([^)]+)\) in (.+), which drops it\. Nobody needs it after (\S+)\.$/u

/** Whether a comment says that the database is of this lease, kept or not. */
export const isCommentOf = (comment: string, { id, folder }: Pick<DatabaseOwner, 'id' | 'folder'>): boolean => {
  const mark = readDatabaseComment(comment)
  return mark?.id === id && mark.folder === folder
}

/** Undefined: it is no comment of ours. */
export const readDatabaseComment = (comment: string): Mark | undefined => {
  const [, kept, id, name, more, folder, until] = COMMENT.exec(comment) ?? []
  if (id === undefined || folder === undefined || until === undefined) return undefined
  const moment = new Date(until)
  if (Number.isNaN(moment.getTime())) return undefined
  return { id, place: `${name} ${more}`, folder, until: moment, kept: kept !== undefined }
}

/**
 * The mark of a database that was found; undefined: it is not ours. One without a comment was made by a rehearsal that died before it
 * wrote one: its server finishes what was asked of it, and a copy takes minutes. Its name says when that was.
 */
export const markOfDatabase = (name: string, comment: string | null): Mark | undefined => {
  if (comment !== null) {
    const mark = readDatabaseComment(comment)
    return mark !== undefined && name.startsWith(databaseName(mark.id, '')) ? mark : undefined
  }
  const [id = ''] = name.startsWith(DATABASE_PREFIX) ? name.slice(DATABASE_PREFIX.length).split('_', 1) : []
  const taken = takenAt(id)
  if (taken === undefined || !name.startsWith(databaseName(id, ''))) return undefined
  return { id, place: undefined, folder: '', until: new Date(taken.getTime() + DEADLINE_MS), kept: false }
}
