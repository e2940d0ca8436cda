import { isDeepStrictEqual } from 'node:util'
import { firstMarks } from '../accounts/first-marks.ts'
import { type ImportRow, importRow, reimportRow } from '../accounts/import-row.ts'
import { encodeMarks, MARKS, type Marks } from '../accounts/marks.ts'
import type { Writer } from '../accounts/user-rules.ts'
import type { PresentUser } from '../api/user.ts'
import { PRESENT_USER } from '../api/user-shapes.ts'
import type { Fate, Fates } from '../jobs/fates.ts'
import { importFile } from '../jobs/import-file.ts'
import { FILE_BYTES, type PackedRow, packRows } from '../jobs/pack.ts'
import type { PlannedSubject } from '../plan/subject.ts'
import { type BatchAtWork, writerOf } from './batch-at-work.ts'
import { noteSent } from './note-sent.ts'

/** Users who are made by one file. */
export interface FileOfUsers {
  readonly rows: readonly PackedRow[]
  /** By which the tenant's administrators find its job: the run, the batch, and the file of the batch. */
  readonly externalId: string
}

export interface NewUsers {
  readonly files: readonly FileOfUsers[]
  /** Whom no file could hold. */
  readonly fates: Fates
  readonly planned: ReadonlyMap<string, PlannedSubject>
}

/** Cuts users who are to be imported into files. */
export const newUsers = (work: BatchAtWork, planned: readonly PlannedSubject[], part: string): NewUsers => {
  const rows = planned.flatMap((one): readonly PackedRow[] => {
    const row = rowOf(work, one)
    return row === undefined ? [] : [{ id: one.subject.id, json: JSON.stringify(row) }]
  })
  const { files, tooLarge } = packRows(rows, FILE_BYTES)
  const { ordinal, writer } = work
  return {
    files: files.map((file, index) => ({
      rows: file,
      externalId: `${writer.runId}.${ordinal}.${part}${index + 1}`,
    })),
    fates: new Map(tooLarge.map(({ id }) => [id, TOO_LARGE])),
    planned: new Map(planned.map((one) => [one.subject.id, one])),
  }
}

const TOO_LARGE: Fate = {
  kind: 'refused',
  words: `its profile is larger than the ${FILE_BYTES} bytes that are sent to Auth0 in one import`,
}

const rowOf = (work: BatchAtWork, { requests, subject: { id } }: PlannedSubject): ImportRow | undefined => {
  const { secrets } = work.tenant
  if (requests.kind === 'create') return importRow(requests.wanted, writerOf(work, id), secrets)
  return requests.kind === 'reimport' ? reimportRow(requests, secrets) : undefined
}

/** Has the users of one file made, and tells the census of those who are there. */
export const importNew = async (
  work: BatchAtWork,
  { rows, externalId }: FileOfUsers,
  { planned, mayBegin }: Pick<NewUsers, 'planned'> & { readonly mayBegin: () => boolean },
): Promise<Fates> => {
  const { about, signal, tenant } = work
  const fates = await importFile(about.importing, rows, {
    externalId,
    signal,
    mayBegin,
    sends: (sent) =>
      noteSent(
        work,
        sent.flatMap(({ id }) => planned.get(id) ?? []),
      ),
    isOfRun: (user) => isAsSent(user, planned.get(user.id), writerOf(work, user.id)),
  })
  for (const { id, json } of rows) {
    const fate = fates.get(id)
    if (fate?.kind === 'found') tenant.census.wrote(fate.user)
    else if (fate?.kind === 'created') tenant.census.wrote(asImported(id, json, tenant.config.connection))
    else continue
    await tenant.gone.isBack(id)
  }
  return fates
}

/** Whether all is as it was sent: another job may have made them, of an earlier run or of what the account was before. */
const isAsSent = ({ appMetadata }: PresentUser, planned: PlannedSubject | undefined, writer: Writer): boolean => {
  const marks = planned === undefined ? undefined : marksSent(planned, writer)
  return marks !== undefined && isDeepStrictEqual(appMetadata[MARKS], encodeMarks(marks))
}

const marksSent = ({ requests }: PlannedSubject, writer: Writer): Marks | undefined => {
  if (requests.kind === 'create') return firstMarks(requests.wanted, writer)
  return requests.kind === 'reimport' ? requests.marks : undefined
}

/** A user as Auth0 will tell of it, but for what it fills in by itself. */
const asImported = (id: string, json: string, connection: string): PresentUser => {
  const row: unknown = JSON.parse(json)
  const identity = { connection, provider: 'auth0', user_id: id.slice(id.indexOf('|') + 1), isSocial: false }
  return PRESENT_USER.parse({ ...(typeof row === 'object' ? row : {}), user_id: id, identities: [identity] })
}
