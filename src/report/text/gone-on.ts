import { RELATION_NAMES } from '../../accounts/relations.ts'
import { formatInteger } from '../../terminal/numbers.ts'
import { type Column, renderTable } from '../../terminal/table.ts'
import { visible } from '../../terminal/visible.ts'
import type { PlanDocument, RunDocument } from '../documents.ts'
import { CHANGE_COLUMNS } from '../gone-on-words.ts'
import type { AccountSample } from '../run-parts.ts'
import { section, type TextView } from './section.ts'

const COLUMNS: readonly Column[] = [
  { title: '', align: 'left' },
  ...CHANGE_COLUMNS.map(({ title }): Column => ({ title, align: 'right' })),
]

/** Of a plan or run that goes on from what is there: what becomes of the rows, and who is held back or refused. */
export const renderGoneOn = (
  { changes = [], conflicts = [], rejected = [] }: PlanDocument | RunDocument,
  view: TextView,
): readonly string[] => [
  ...section('Rows of the accounts looked at', renderChanges(changes, view), view),
  ...section("Held back: somebody else's name, e-mail or identity", samples(conflicts), view),
  ...section('Refused by the target', samples(rejected), view),
]

const renderChanges = (changes: NonNullable<RunDocument['changes']>, view: TextView): readonly string[] => {
  if (changes.length === 0) return []
  const rows = changes.map((one) => [
    RELATION_NAMES[one.relation].many,
    ...CHANGE_COLUMNS.map(({ of }) => formatInteger(one[of])),
  ])
  return [renderTable(COLUMNS, rows, view)]
}

const samples = (accounts: readonly AccountSample[]): readonly string[] =>
  accounts.map(({ mxid, reason, message }) => {
    const why = message ?? reason
    return `  ${visible(why === undefined ? mxid : `${mxid}: ${why}`)}`
  })
