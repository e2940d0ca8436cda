import type { PlannedRow } from '../../row-changes.ts'

/** Whether it takes a request. */
export const isWritten = ({ action }: PlannedRow): boolean =>
  action === 'create' || action === 'update' || action === 'remove'
