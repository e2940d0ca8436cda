import { countRows } from '../../row-changes.ts'
import { eachAtMost } from '../../slow-road/each-at-most.ts'
import { outcomeOf } from '../../slow-road/outcome-of.ts'
import { upsertRow } from '../accounts/upsert-row.ts'
import { importIdOf } from '../accounts/user-id.ts'
import { type SubmitAnswer, submitImport } from '../api/jobs-api.ts'
import { wordsOf } from '../jobs/fates.ts'
import { FILE_BYTES, fileOf, type PackedRow, packRows } from '../jobs/pack.ts'
import { type JobTold, runJob } from '../jobs/run-job.ts'
import { seeUser } from '../plan/see-users.ts'
import { type PlannedSubject, planSubject } from '../plan/subject.ts'
import type { BatchAtWork } from './batch-at-work.ts'
import { asItIs, endsRefused, refusalIn, writeOne } from './change-users.ts'
import type { Creating } from './create-users.ts'
import { noteSent } from './note-sent.ts'
import { changeUser } from './write-user.ts'

/** So few that their file holds what has just been read of them. */
const AT_MOST = 200

/** Users who are read or written at a time; how many requests that may be in a time, the quota says. */
const AT_ONCE = 6

/** Gives another hash to users who were imported with one, by import jobs that find them by their address. Nobody is deleted. */
export const renewPasswords = async (
  work: BatchAtWork,
  planned: readonly PlannedSubject[],
  { turns, part }: Creating,
): Promise<void> => {
  const { writer, ordinal } = work
  const name = `${writer.runId}.${ordinal}.${part}p`
  const ready = planned.filter((one) => !isToBlock(one))
  await turns.each(planned.filter(isToBlock), async (one) => {
    const now = await block(work, one)
    if (now.requests.kind === 'rehash' && !isToBlock(now)) ready.push(now)
    else work.looksAgain({ planned: one, words: CHANGED })
  })
  const files = filesOf(work, ready).map((file, index) => ({ file, externalId: `${name}${index + 1}` }))
  await turns.each(files, (one) => renewFile(work, { ...one, mayBegin: turns.mayBegin }))
}

const isToBlock = ({ requests }: PlannedSubject): boolean => requests.kind === 'rehash' && requests.block !== undefined

/** Whoever may not log in any more waits for no job. @returns what is to be done then */
const block = async (work: BatchAtWork, planned: PlannedSubject): Promise<PlannedSubject> => {
  const { tenant, signal } = work
  const now = await planNow(work, planned)
  if (now.requests.kind !== 'rehash' || now.requests.block === undefined) return now
  const { mxid } = now.change
  tenant.unreported.touch(mxid, countRows([{ relation: 'account', action: 'update' }]))
  const answer = await changeUser(tenant, now.requests.block, signal)
  if (answer.kind !== 'done') tenant.unreported.spare(mxid)
  return planNow(work, planned)
}

const planNow = async ({ tenant, writer, signal }: BatchAtWork, { subject }: PlannedSubject): Promise<PlannedSubject> =>
  planSubject({ ...subject, seen: await seeUser(tenant, subject, signal) }, writer)

const filesOf = (
  { tenant }: BatchAtWork,
  planned: readonly PlannedSubject[],
): readonly (readonly PlannedSubject[])[] => {
  const byId = new Map(planned.map((one) => [one.subject.id, one]))
  const { files, tooLarge } = packRows(rowsOf(tenant, planned), FILE_BYTES)
  return [...files, ...tooLarge.map((row) => [row])].flatMap((rows) =>
    Array.from({ length: Math.ceil(rows.length / AT_MOST) }, (_, n) =>
      rows.slice(n * AT_MOST, (n + 1) * AT_MOST).flatMap(({ id }) => byId.get(id) ?? []),
    ),
  )
}

const rowsOf = ({ secrets }: BatchAtWork['tenant'], planned: readonly PlannedSubject[]): readonly PackedRow[] =>
  planned.flatMap(({ subject: { id }, requests }) =>
    requests.kind === 'rehash' ? [{ id, json: JSON.stringify(upsertRow(requests, secrets)) }] : [],
  )

interface FileToRenew {
  readonly file: readonly PlannedSubject[]
  readonly externalId: string
  readonly mayBegin: () => boolean
}

/** Each time that the file is sent it is made of what is there then: whoever somebody has changed since is theirs, and looked at anew. */
const renewFile = async (work: BatchAtWork, { file, externalId, mayBegin }: FileToRenew): Promise<void> => {
  const { about, signal, tenant } = work
  let left = file
  const submit = async (_: Buffer, name: string, stop: AbortSignal): Promise<SubmitAnswer> => {
    const read = await eachAtMost(AT_ONCE, left, (one) => asItIs(work, one))
    left = read.filter((one) => one !== undefined)
    if (left.length === 0) return NOTHING_SENT
    const takeBack = noteSent(work, left)
    const request = {
      connectionId: about.id,
      externalId: name,
      file: fileOf(rowsOf(tenant, left)),
      mode: 'upsert',
    } as const
    const answer = await submitImport(tenant.api, request, stop)
    if (answer.kind === 'busy') takeBack()
    return answer
  }
  const rows = rowsOf(tenant, file)
  const told = await runJob({ ...about.importing, submit }, rows, {
    externalId,
    signal,
    mayBegin,
    sends: () => () => {},
  })
  if (told.kind === 'not begun') return
  await eachAtMost(AT_ONCE, left, (one) => finish(work, one, told))
}

/** Everybody of it is somebody else's to look at now. */
const NOTHING_SENT: SubmitAnswer = { kind: 'too long' }

/** Whether the hash has arrived, its mark says; what else is to change follows by what is there now. */
const finish = async (work: BatchAtWork, planned: PlannedSubject, told: JobTold): Promise<void> => {
  const { change } = planned
  const now = await planNow(work, planned)
  if (now.change.rows.some(({ relation, theirs }) => relation === 'password' && theirs > 0)) {
    work.tenant.unreported.undo([change.mxid])
    return work.looksAgain({ planned: now, words: CHANGED })
  }
  if (now.requests.kind === 'nothing') return work.ends(planned, outcomeOf(change))
  if (now.requests.kind === 'rehash') return work.looksAgain({ planned, words: refusalOf(planned, told) })
  if (now.requests.kind === 'refuse') return endsRefused(work, now, now.requests.words)
  const refusal = now.requests.kind === 'change' ? refusalIn(await writeOne(work, now)) : CHANGED
  if (refusal === undefined) work.ends(planned, outcomeOf(change))
  else work.looksAgain({ planned, words: refusal })
}

const CHANGED = 'Somebody has changed it at Auth0 meanwhile'

const refusalOf = ({ subject: { id } }: PlannedSubject, told: JobTold): string => {
  if (told.kind !== 'ended')
    return `its profile is larger than the ${FILE_BYTES} bytes that are sent to Auth0 in one import`
  const refusal = told.refusals.find(({ userId }) => userId === importIdOf(id))
  if (refusal !== undefined) return `Its new password is refused: ${wordsOf(refusal)}`
  return told.end.kind === 'completed'
    ? 'Auth0 says that it has taken its new password, and it is not there'
    : `The import of its new password failed: ${told.end.words}`
}
