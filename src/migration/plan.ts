import type { PlanDocument } from '../report/documents.ts'
import { findDeletions } from './find-deletions.ts'
import { type Prepared, withPrepared } from './prepare.ts'
import type { MigrationRequest } from './request.ts'
import { planSlowly } from './slow-road/plan-slowly.ts'

/** Says for every account and row what will become of it. Writes nothing. */
export const plan = (request: MigrationRequest): Promise<PlanDocument> =>
  withPrepared(request, 'look', async (prepared) => {
    const deletions = await findDeletions(request, prepared, 'before')
    const planned = prepared.target.sql === undefined ? await planSlowly(request, prepared) : {}
    return { ...toPlan(request, prepared), ...planned, ...(deletions === undefined ? {} : { deletions }) }
  })

export const toPlan = (
  { mapping: { file, sha256 } }: Pick<MigrationRequest, 'mapping'>,
  { head, relations }: Pick<Prepared, 'head' | 'relations'>,
): PlanDocument => ({ kind: 'plan', ...head, relations, mapping: { file, sha256 } })
