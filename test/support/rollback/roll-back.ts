import type { MigrationRequest } from '../../../src/migration/request.ts'
import { rollback } from '../../../src/migration/rollback/rollback.ts'
import type { RollbackDocument } from '../../../src/report/rollback-document.ts'

export interface RolledBack {
  /** What was shown before. */
  readonly plan: RollbackDocument
  readonly document: RollbackDocument
}

/** Takes back a run or a cohort without asking. */
export const rolledBack = async (
  request: MigrationRequest,
  what: string,
  { used = 'keep' }: { readonly used?: 'keep' | 'remove' } = {},
): Promise<RolledBack> => {
  let plan: RollbackDocument | undefined
  const document = await rollback({
    ...request,
    what,
    used,
    confirm: async (shown) => {
      plan = shown
      return true
    },
  })
  if (document === undefined || plan === undefined) throw new Error('A confirmed rollback has a result')
  return { plan, document }
}

/** Counts of rows by table that are not 0, in words. */
export const rowsTold = ({ tables }: RollbackDocument): Readonly<Record<string, string>> =>
  Object.fromEntries(
    tables.flatMap(({ table, remove, restore, endForGood, stay, theirs }) => {
      const counts = Object.entries({ remove, restore, endForGood, stay, theirs }).filter(([, count]) => count > 0)
      return counts.length === 0 ? [] : [[table, counts.map(([what, count]) => `${count} ${what}`).join(', ')]]
    }),
  )
