import { RELATION_NAMES, type Relation } from '../accounts/relations.ts'
import { formatCount, formatInteger } from '../terminal/numbers.ts'
import type { TableVerification, VerifyDocument } from './documents.ts'
import { surprises } from './is-proved.ts'
import type { FieldComparison, FieldDifference, ProofResult, SyncDeletions } from './proof-parts.ts'
import { reasonText } from './words.ts'

/** Whether it is on record what we wrote, so that rows can be told to be somebody else's. */
export const isOnRecord = (tables: readonly TableVerification[]): boolean =>
  tables.some(({ theirs, foreign }) => theirs !== undefined || foreign !== undefined)

/** What the target shows nobody: sent, and not proved. */
export const unseenRows = (
  tables: readonly TableVerification[],
): readonly { readonly relation: Relation; readonly rows: number }[] =>
  tables.flatMap(({ relation, unseen, present }) =>
    unseen === true && present > 0 ? [{ relation, rows: present }] : [],
  )

/** What was left out of a comparison, and what is no difference; one sentence each. */
export const verifyNotes = ({
  tables,
  changedSince = 0,
  waiting = 0,
  inConflict = 0,
  refused = 0,
  target,
}: VerifyDocument): readonly string[] => {
  const theirs = tables.reduce((sum, table) => sum + (table.theirs ?? 0), 0)
  const foreign = tables.reduce((sum, table) => sum + (table.foreign ?? 0), 0)
  return [
    ...unseenRows(tables).map(({ relation, rows }) => {
      const { one, many } = RELATION_NAMES[relation]
      return `${formatCount(rows, `${one} was`, `${many} were`)} sent, and ${rows === 1 ? 'is' : 'are'} not proved: ${target.product} shows nobody a ${one}.`
    }),
    ...(theirs === 0
      ? []
      : [
          `Theirs: ${formatCount(theirs, 'row', 'rows')} changed at ${target.product} since syn2op wrote ${theirs === 1 ? 'it' : 'them'}. No fault.`,
        ]),
    ...(foreign === 0 ? [] : [`Foreign: ${formatCount(foreign, 'row', 'rows')} that no migration wrote. No fault.`]),
    ...(changedSince === 0
      ? []
      : [
          `${formatCount(changedSince, 'account', 'accounts')} may have changed in Synapse since the copy and ${changedSince === 1 ? 'was' : 'were'} not compared: the next run looks at ${changedSince === 1 ? 'it' : 'them'}.`,
        ]),
    ...(waiting === 0
      ? []
      : [
          `${formatCount(waiting, 'account waits', 'accounts wait')} for a run that looks at ${waiting === 1 ? 'it, and was' : 'them, and were'} not compared.`,
        ]),
    ...(inConflict === 0
      ? []
      : [
          `${formatCount(inConflict, 'account is', 'accounts are')} held back since somebody else’s stand in the way, and ${inConflict === 1 ? 'was' : 'were'} not compared.`,
        ]),
    ...(refused === 0
      ? []
      : [
          `${formatCount(refused, 'account is', 'accounts are')} not there, for ${target.product} would refuse ${refused === 1 ? 'it' : 'them'}, and ${refused === 1 ? 'was' : 'were'} not compared: syn2op explain, or the report of a run, says why.`,
        ]),
  ]
}

/** Of a sample: how much was compared, and how to choose the same accounts again. */
export const fieldsSentence = ({ accounts, rows, fields, differences, seed }: FieldComparison): string =>
  `${formatCount(fields, 'field', 'fields')} of ${formatCount(rows, 'row', 'rows')} of ${formatCount(accounts, 'account', 'accounts')} compared, ${differences.length === 0 ? 'all equal' : formatCount(differences.length, 'difference', 'differences')} (--sample-seed ${seed}).`

/** A field that differs, in one line; of a secret only that it does. */
export const fieldWords = ({ table, kind, row, field, wanted, present }: FieldDifference): string => {
  if (kind !== 'differs') return `${table}: ${kind}: ${row}`
  const values = wanted === undefined ? 'differs' : `is ${shown(present)}, should be ${shown(wanted)}`
  return `${table}: ${row}: ${field} ${values}`
}

const shown = (value: string | null | undefined): string => (value === null || value === undefined ? 'nothing' : value)

/** How much a sync would delete. */
export const deletionsSentence = ({ devices, emails }: SyncDeletions): string =>
  devices + emails === 0
    ? 'At its next sync of every user MAS would make Synapse delete no device and no e-mail.'
    : `At its next sync of every user MAS would make Synapse delete ${formatCount(devices, 'device', 'devices')} and ${formatCount(emails, 'e-mail', 'e-mails')}.`

export const DELETED_NAMES = {
  device: { one: 'device', many: 'devices' },
  email: { one: 'e-mail', many: 'e-mails' },
} as const

/** One line a reason. */
export const deletionReasons = ({ reasons }: SyncDeletions): readonly string[] =>
  reasons.map(
    ({ what, reason, count }) =>
      `${formatCount(count, DELETED_NAMES[what].one, DELETED_NAMES[what].many)}: ${reasonText(reason)}`,
  )

/**
 * The first of what would be deleted, and how to have the whole list.
 * @param options.ofEach so many at most of each reason.
 */
export const deletionSamples = (
  { samples, devices, emails }: SyncDeletions,
  { ofEach = Number.POSITIVE_INFINITY }: { readonly ofEach?: number } = {},
): readonly string[] => {
  const named = samples.filter(
    ({ what, reason }, index) =>
      samples.slice(0, index).filter((one) => one.what === what && one.reason === reason).length < ofEach,
  )
  const more = devices + emails - named.length
  return [
    ...named.map(({ mxid, what, name }) => `${mxid}: ${DELETED_NAMES[what].one} ${name}`),
    ...(more > 0 ? [`and ${formatInteger(more)} more; the whole list: --report predictions=FILE`] : []),
  ]
}

/** What one token or password did, without it. */
export const proofWords = ({ what, mxid, device, worked, expected, reason, answer }: ProofResult): string => {
  const named = [mxid, ...(device === undefined ? [] : [device])].join(', ')
  const why = reason === undefined ? '' : ` (${reasonText(reason)})`
  const done = `${worked ? 'works' : 'does not work'}${answer === undefined ? '' : `: ${answer}`}`
  const foretold = worked === expected ? 'as foretold' : `but was foretold to ${expected ? 'work' : 'fail'}`
  return `${what} of ${named} ${done}, ${foretold}${why}`
}

/** What was tried, in one and in many. */
export const triedNames = ({
  proofs,
}: Pick<VerifyDocument, 'proofs'>): { readonly one: string; readonly many: string } => {
  const kinds = new Set(proofs?.results.map(({ what }) => what))
  const [only] = kinds
  return kinds.size === 1 && only !== undefined
    ? { one: only, many: `${only}s` }
    : { one: 'token or password', many: 'tokens and passwords' }
}

/** Above what each token and password did. Tokens work nowhere before the cut-over, passwords may be tried at any time. */
export const proofsTitle = ({ proofs }: Pick<VerifyDocument, 'proofs'>): string =>
  proofs !== undefined && proofs.results.length > 0 && proofs.results.every(({ what }) => what === 'password')
    ? 'Passwords'
    : 'After the cut-over'

/** How many tokens and passwords did what was foretold. */
export const proofsSentence = (document: VerifyDocument): string => {
  const results = document.proofs?.results ?? []
  const wrong = surprises(document).length
  const { one, many } = triedNames(document)
  const tried = formatCount(results.length, one, many)
  const worked = results.filter((each) => each.worked).length
  return `${tried} tried: ${formatInteger(worked)} work, ${formatInteger(results.length - worked)} do not; ${wrong === 0 ? 'each as foretold' : `${formatInteger(wrong)} not as foretold`}.`
}
