import type { RunDocument, VerifyDocument } from './documents.ts'
import { totalUnopened, totalWrong } from './totals.ts'

/** Tokens and passwords that did not do what was expected of them. */
export const surprises = ({ proofs }: VerifyDocument) =>
  (proofs?.results ?? []).filter(({ worked, expected }) => worked !== expected)

/** Whether a verification found nothing wrong: what the target's people changed, and what was foretold, is not wrong. */
export const isProved = (document: VerifyDocument): boolean =>
  totalWrong(document.tables) + totalUnopened(document.tables) === 0 &&
  (document.fields?.differences.length ?? 0) === 0 &&
  surprises(document).length === 0

/** Whether a run was proved, and something is not as it should be. */
export const isDisproved = ({ proof }: Pick<RunDocument, 'proof'>): boolean =>
  proof !== undefined && proof.wrongRows + proof.differingBuckets > 0
