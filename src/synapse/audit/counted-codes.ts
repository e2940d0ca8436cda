import { FINDINGS, type FindingCode } from '../../findings/catalogue.ts'
import type { Counting } from '../../findings/counting.ts'
import type { FindingEntry } from '../../findings/entry.ts'
import { mattersTo } from '../../findings/matters-to.ts'

/** A finding's code with the way in which it is counted. */
export interface CountedCode<Way extends Counting = Counting> {
  readonly code: FindingCode
  readonly way: Way
}

/** Every code that is counted in the source, in the order of the catalogue. */
export const countedCodes = (target: string): readonly CountedCode[] =>
  (Object.entries(FINDINGS) as readonly (readonly [FindingCode, FindingEntry])[])
    .filter(([code]) => mattersTo(target)({ code }))
    .flatMap(([code, { counted }]) => (counted === undefined ? [] : [{ code, way: counted }]))

/** Those of them that are counted in one way. */
export const countedBy = <By extends Counting['by']>(
  codes: readonly CountedCode[],
  by: By,
): readonly CountedCode<Extract<Counting, { by: By }>>[] =>
  codes.filter((one): one is CountedCode<Extract<Counting, { by: By }>> => one.way.by === by)
