import { type FieldChange, turnedRound } from '../../prepare/field-change.ts'
import { fieldWords, holds, readField, sameValue } from '../../prepare/json-field.ts'
import type { ConnectionSeen, ProviderSeen } from '../check/seen.ts'
import type { RecordedStep } from './undo-record.ts'

/** What is at Auth0 now of what a step did. */
export interface PresentThing {
  /** Absent: it is gone. */
  readonly connection?: Pick<ConnectionSeen, 'options' | 'clients'> & Pick<ProviderSeen, 'scim'>
  /** Who would lose something, in words; absent: nobody. */
  readonly needs?: string
}

/** What becomes of a step that is taken back. `changes` are those of options, the other way round. */
export type UndoVerdict =
  | { readonly kind: 'undo'; readonly changes: readonly FieldChange[] }
  /** As it was before, or never done. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'leave'; readonly why: string }

const NOTHING: UndoVerdict = { kind: 'nothing' }

/**
 * Takes back what is still as we set it; what somebody has changed since is theirs. Options go back all together or not at all: some
 * of them exclude each other.
 */
export const judgeUndo = ({ work, state }: RecordedStep, { connection, needs }: PresentThing): UndoVerdict => {
  if (state === 'planned' || state === 'undone' || connection === undefined) return NOTHING
  const undo = (changes: readonly FieldChange[] = []): UndoVerdict =>
    needs === undefined ? { kind: 'undo', changes } : { kind: 'leave', why: needs }
  switch (work.kind) {
    case 'create connection':
      return holds(connection.options, work.options) ? undo() : changedSince([])
    case 'enable application':
      return connection.clients.includes(work.client) ? undo() : NOTHING
    case 'set up SCIM':
      return typeof connection.scim === 'object' ? undo() : NOTHING
    case 'change options': {
      const { options } = connection
      const isAs = (wanted: (change: FieldChange) => unknown): boolean =>
        work.changes.every((change) => sameValue(readField(options, change.at), wanted(change)))
      if (isAs(({ before }) => before)) return NOTHING
      if (isAs(({ after }) => after)) return undo(work.changes.map(turnedRound))
      return changedSince(work.changes.filter(({ at, after }) => !sameValue(readField(options, at), after)))
    }
  }
}

const changedSince = (changes: readonly FieldChange[]): UndoVerdict => {
  const fields = changes.map(({ at }) => fieldWords(at)).join(', ')
  return { kind: 'leave', why: `somebody has changed ${fields === '' ? 'it' : fields} since` }
}
