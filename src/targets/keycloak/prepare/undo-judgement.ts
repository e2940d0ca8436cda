import { type FieldChange, turnedRound } from '../../prepare/field-change.ts'
import { fieldWords, holds, isMap, readField, sameValue, writeField } from '../../prepare/json-field.ts'
import type { RecordedStep } from './undo-record.ts'

/** What is at Keycloak now of what a step did. */
export interface PresentThing {
  /** Absent: it is not there. */
  readonly document?: unknown
  /** Who would lose something, in words. */
  readonly needs: readonly string[]
}

/** What becomes of a step that is taken back. */
export type UndoVerdict =
  | { readonly kind: 'delete' }
  | {
      readonly kind: 'restore'
      readonly changes: readonly FieldChange[]
      /** Fields that somebody has changed since. */
      readonly left: readonly string[]
    }
  /** As it was before, or never done. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'leave'; readonly why: string }

/** Takes back what is still as we set it; what somebody has changed since is theirs. */
export const judgeUndo = ({ work, state }: RecordedStep, { document, needs }: PresentThing): UndoVerdict => {
  if (state === 'planned' || state === 'undone' || work.kind === 'statistics') return { kind: 'nothing' }
  if (document === undefined) return { kind: 'nothing' }
  const why = needs.length === 0 ? undefined : needs.join('; ')
  if (work.kind === 'create') {
    if (!holds(document, shownAgain(work.body))) return { kind: 'leave', why: 'somebody has changed it since' }
    return why === undefined ? { kind: 'delete' } : { kind: 'leave', why }
  }
  const ours = work.changes.filter(({ at, after }) => sameValue(readField(document, at), after)).map(turnedRound)
  const inUse = ours.filter((change) => isGroupInUse(change, ours, document))
  const changes = ours.filter((change) => !inUse.includes(change))
  const changed = work.changes.filter(
    ({ at, before, after }) =>
      !sameValue(readField(document, at), after) && !sameValue(readField(document, at), before),
  )
  const left = [...changed, ...inUse]
  if (changes.length === 0 && left.length === 0) return { kind: 'nothing' }
  if (changes.length === 0) return { kind: 'leave', why: 'somebody has changed it since' }
  if (why !== undefined) return { kind: 'leave', why }
  return { kind: 'restore', changes, left: left.map(({ at }) => fieldWords(at)) }
}

/** Of a verdict what was shown to whoever agreed to it; what has become possible since was not. */
export const asShown = (verdict: UndoVerdict, shown: UndoVerdict): UndoVerdict => {
  if (verdict.kind !== 'restore' || shown.kind !== 'restore') return verdict
  const names = new Set(shown.changes.map(({ at }) => fieldWords(at)))
  const changes = verdict.changes.filter(({ at }) => names.has(fieldWords(at)))
  if (changes.length === 0) return { kind: 'leave', why: 'somebody has changed it since' }
  const unseen = verdict.changes.filter((change) => !changes.includes(change)).map(({ at }) => fieldWords(at))
  return { ...verdict, changes, left: [...verdict.left, ...unseen] }
}

/** Keycloak refuses a profile without a group that one of its attributes is in. */
const isGroupInUse = ({ at, after }: FieldChange, changes: readonly FieldChange[], document: unknown): boolean => {
  const [list, group] = at
  if (list !== 'groups' || typeof group !== 'object' || after !== undefined) return false
  const attributes = readField(
    changes.reduce<unknown>((sofar, change) => writeField(sofar, change.at, change.after), document),
    ['attributes'],
  )
  return (
    Array.isArray(attributes) && attributes.some((attribute) => isMap(attribute) && attribute['group'] === group.name)
  )
}

/** Keycloak answers lists that are empty and were sent, and leaves out what was sent as nothing. */
const shownAgain = (body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(body).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)),
  )
