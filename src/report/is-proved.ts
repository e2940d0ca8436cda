import type { VerifyDocument } from './documents.ts'
import { totalUnopened, totalWrong } from './totals.ts'

/** Tokens and passwords that did not do what was expected of them. */
export const surprises = ({ proofs }: VerifyDocument) =>
  (proofs?.results ?? []).filter(({ worked, expected }) => worked !== expected)

/** Whether a verification found nothing wrong: what the target's people changed, and what was foretold, is not wrong. */
export const isProved = (document: VerifyDocument): boolean =>
  totalWrong(document.tables) + totalUnopened(document.tables) === 0 &&
  (document.fields?.differences.length ?? 0) === 0 &&
  surprises(document).length === 0
