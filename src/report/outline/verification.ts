import type { VerifyDocument } from '../documents.ts'
import type { SyncDeletions } from '../proof-parts.ts'
import {
  DELETED_NAMES,
  deletionSamples,
  deletionsSentence,
  fieldsSentence,
  fieldWords,
  proofsTitle,
  proofWords,
  verifyNotes,
} from '../verify-words.ts'
import { DIFFERENCE_NAMES, reasonText } from '../words.ts'
import type { OutlineSection } from './outline.ts'

/** Each table's rows against what they should be, the first that are not, a sample field by field, and the proofs. */
export const verificationOutline = (document: VerifyDocument): readonly OutlineSection[] => [
  {
    title: 'Row by row',
    sentences: verifyNotes(document),
    table: {
      columns: ['Table', 'Wanted', 'Present', 'Missing', 'Extra', 'Different', 'Theirs', 'Foreign'],
      names: 1,
      rows: document.tables.map((one) => [
        one.table,
        one.wanted,
        one.unseen === true ? 'not shown' : one.present,
        one.missing,
        one.extra,
        one.differing,
        one.theirs ?? '',
        one.foreign ?? '',
      ]),
    },
  },
  {
    title: 'Rows that differ',
    table: {
      columns: ['Table', 'Row', 'What', 'Columns'],
      names: 2,
      rows: document.differences.map(({ table, row, kind, columns }) => [
        table,
        row,
        DIFFERENCE_NAMES[kind],
        columns.join(', '),
      ]),
    },
  },
  {
    title: 'Field by field',
    ...(document.fields === undefined
      ? {}
      : { sentences: [fieldsSentence(document.fields), ...document.fields.differences.map(fieldWords)] }),
  },
  deletionsOutline(document.deletions),
  { title: proofsTitle(document), sentences: (document.proofs?.results ?? []).map(proofWords) },
]

/** What a sync would delete, by reason, and the first of it. */
export const deletionsOutline = (deletions: SyncDeletions | undefined): OutlineSection => ({
  title: 'What a sync would delete',
  ...(deletions === undefined
    ? {}
    : { sentences: [deletionsSentence(deletions), ...deletionSamples(deletions, { ofEach: 3 })] }),
  table: {
    columns: ['What', 'Why', 'How many'],
    names: 2,
    rows: (deletions?.reasons ?? []).map(({ what, reason, count }) => [
      DELETED_NAMES[what].one,
      reasonText(reason),
      count,
    ]),
  },
})
