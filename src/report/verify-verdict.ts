import { RELATION_NAMES } from '../accounts/relations.ts'
import { formatCount, formatInteger } from '../terminal/numbers.ts'
import type { VerifyDocument } from './documents.ts'
import { isProved, surprises } from './is-proved.ts'
import { totalUnopened, totalWrong } from './totals.ts'
import type { Verdict } from './verdict.ts'
import {
  deletionsSentence,
  fieldsSentence,
  isOnRecord,
  proofsSentence,
  triedNames,
  unseenRows,
} from './verify-words.ts'

/** The verdict over a verification. */
export const verifyVerdict = (document: VerifyDocument): Verdict => ({
  tone: isProved(document) ? 'good' : 'bad',
  headline: headline(document),
  sentences: [
    ...(document.proofs === undefined ? [rowsSentence(document)] : [proofsSentence(document)]),
    ...(document.fields === undefined ? [] : [fieldsSentence(document.fields)]),
    ...(document.deletions === undefined ? [] : [deletionsSentence(document.deletions)]),
  ],
})

/** How many rows were compared, and what came of it. */
export const rowsSentence = ({ tables }: Pick<VerifyDocument, 'tables'>): string => {
  const seen = tables.filter(({ unseen }) => unseen !== true)
  const present = seen.reduce((sum, table) => sum + table.present, 0)
  const unopened = totalUnopened(tables)
  const compared = `${formatCount(present, 'row', 'rows')} in ${formatCount(seen.length, 'table', 'tables')}`
  if (totalWrong(tables) + unopened === 0) {
    return isOnRecord(tables)
      ? `Of ${compared}, all that syn2op wrote is as it should be or was changed there since.`
      : `${compared} are equal to what they should be.`
  }
  return unopened === 0
    ? `${compared} compared.`
    : `${compared} compared; about ${formatInteger(unopened)} more may differ.`
}

const headline = (document: VerifyDocument): string => {
  const { tables, fields, target } = document
  const [wrong, unopened] = [totalWrong(tables), totalUnopened(tables)]
  if (unopened > 0) return `About ${formatInteger(wrong + unopened)} rows may not be as they should be`
  if (wrong > 0) return `${formatCount(wrong, 'row is', 'rows are')} not as ${wrong === 1 ? 'it' : 'they'} should be`
  if (fields !== undefined && fields.differences.length > 0) {
    return `${formatCount(fields.differences.length, 'field', 'fields')} of the sample differ`
  }
  if (document.proofs === undefined) {
    const hidden = unseenRows(tables).map(({ relation }) => RELATION_NAMES[relation].many)
    const unproved = hidden.length === 0 ? '' : `; ${hidden.join(', ')} were sent, and are not proved`
    const verb = hidden.length === 0 ? 'holds' : 'shows'
    return (document.waiting ?? 0) > 0
      ? `${target.product} ${verb} what it should, as far as runs have come${unproved}`
      : `${target.product} ${verb} exactly what it should${unproved}`
  }
  const surprising = surprises(document).length
  const { one, many } = triedNames(document)
  return surprising === 0
    ? `Every ${one.replace(' or ', ' and ')} did what was foretold`
    : `${formatCount(surprising, one, many)} did not do what was foretold`
}
