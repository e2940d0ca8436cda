import type { ReadinessFault } from '../../report/readiness-document.ts'
import { BYTE_ORDER_MARK } from '../http/reading.ts'
import { type FaultArea, FIELD_RULES } from './field-rules.ts'
import { repeatedNames } from './repeated-names.ts'

const MARKED = 'has a byte order mark at its beginning'

/** Of a document by its name: Element X's parser (serde_json) takes nothing of it; browsers and Dart drop the mark as they decode. */
export const markFaults = (document: string, text: string): readonly ReadinessFault[] =>
  text.startsWith(BYTE_ORDER_MARK) ? [{ field: document, what: MARKED, breaks: ['element-x'] }] : []

export const TWICE = 'is written more than once'

/**
 * The fields of metadata that stand more than once, in the order of the specification: Element X takes no metadata with one that it
 * reads, other clients take the last. Of one area where it is given.
 */
export const nameFaults = (text: string, area?: FaultArea): readonly ReadinessFault[] => {
  const repeated = new Set(repeatedNames(text).flatMap((path) => (path.length === 1 ? path : [])))
  return FIELD_RULES.filter(({ field, need }) => repeated.has(field) && (area ?? need) === need).map(
    ({ field, breaks }) => ({ field, what: TWICE, breaks: breaks.twice ?? [] }),
  )
}

/** What is wrong with the homeserver's metadata by their text alone, though it is JSON. Of one area where it is given. */
export const writtenFaults = (text: string, area?: FaultArea): readonly ReadinessFault[] => [
  ...((area ?? 'required') === 'required' ? markFaults('auth_metadata', text) : []),
  ...nameFaults(text, area),
]

/** What to do about them. */
export const writtenRemedies = (faults: readonly ReadinessFault[]): readonly string[] => [
  ...(faults.some(({ what }) => what.startsWith(MARKED))
    ? ['See what writes the answer, a file or a proxy, and have it write UTF-8 without a byte order mark.']
    : []),
  ...(faults.some(({ what }) => !what.startsWith(MARKED))
    ? [
        'See what writes the answer, a person or a proxy, and have it write each name once, with the value that is right.',
      ]
    : []),
]
