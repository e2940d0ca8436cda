import type { RowAction } from '../row-changes.ts'

/** What becomes of whether somebody may log in. */
export interface LoginPlan {
  readonly action: RowAction
  readonly mayLogIn: boolean
  /** What is noted of it. */
  readonly mark: boolean
}

/**
 * Whether an account may log in follows the source, whatever else has been changed: a lock arrives.
 * @param marked what was written last
 */
export const planLogin = (wanted: boolean, present: boolean, marked: boolean): LoginPlan => {
  if (wanted !== present) {
    return present === marked
      ? { action: 'update', mayLogIn: wanted, mark: wanted }
      : { action: 'theirs', mayLogIn: present, mark: marked }
  }
  // Whom somebody has let in and the source lets in as well is locked when the source locks them again. Whom somebody has shut out
  // is not let in by a lock that comes and goes.
  return { action: 'unchanged', mayLogIn: present, mark: present || marked }
}

/** Of one row that is made of several things. */
export const joinedAction = (actions: readonly RowAction[]): RowAction =>
  (['update', 'theirs'] as const).find((action) => actions.includes(action)) ?? 'unchanged'
