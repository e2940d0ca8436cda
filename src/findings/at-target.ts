import { entryOf } from './catalogue.ts'
import type { Finding } from './finding.ts'

/** A finding with what to do about it at this target, where that is something else than elsewhere. */
export const atTarget =
  (target: string) =>
  (one: Finding): Finding => {
    const { remedyAt = {} } = entryOf(one.code) ?? {}
    const remedy = Object.hasOwn(remedyAt, target) ? remedyAt[target] : undefined
    return remedy === undefined ? one : { ...one, remedy: [remedy] }
  }
