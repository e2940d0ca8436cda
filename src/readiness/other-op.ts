import { type Evidence, QUESTIONS, type QuestionName } from './evidence.ts'
import { homeserverMetadata, isOtherOp } from './metadata/accepted.ts'
import { memberOf } from './metadata/reading.ts'

const OF_OP: ReadonlySet<string> = new Set<QuestionName>(QUESTIONS.slice(QUESTIONS.indexOf('opConfiguration')))

/** Why nothing is known of the homeserver's own OP. */
export const OTHER_OP = 'The OP that was asked, that of --op, is not the one of the homeserver: leave --op out.'

/**
 * What tells of the homeserver: where an OP was named that is another one than the homeserver's, the same evidence as if its own had
 * not been asked. What another OP answers says nothing of it.
 */
export const ofTheHomeserver = (evidence: Evidence): Evidence => {
  if (!isOtherOp(evidence)) return evidence
  const issuer = memberOf(homeserverMetadata(evidence)[0]?.document, 'issuer')
  const ofOp = (Object.keys(evidence.asked) as readonly QuestionName[]).filter((name) => OF_OP.has(name))
  return {
    ...evidence,
    ...(typeof issuer === 'string' ? { issuer } : {}),
    issuerFrom: 'homeserver',
    asked: Object.fromEntries(Object.entries(evidence.asked).filter(([name]) => !OF_OP.has(name))),
    notAsked: { ...evidence.notAsked, ...Object.fromEntries(ofOp.map((name) => [name, OTHER_OP])) },
  }
}
