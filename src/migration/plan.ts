import type { PlanDocument } from '../report/documents.ts'
import { findDeletions } from './find-deletions.ts'
import { foreseen } from './foreseen.ts'
import { namesIn } from './membership.ts'
import { type Prepared, withPrepared } from './prepare.ts'
import type { MigrationRequest } from './request.ts'
import { planSlowly } from './slow-road/plan-slowly.ts'

/**
 * Says for every account and row what will become of it. Of the target's rows it changes none; where the target has rows
 * already, its journal may be made.
 */
export const plan = (request: MigrationRequest): Promise<PlanDocument> =>
  withPrepared(request, 'look', async (prepared) => {
    // Where a migration is impossible as things are, there may be nothing that can be looked at.
    if (prepared.head.findings.some(({ severity }) => severity === 'error')) return toPlan(request, prepared)
    const deletions = await findDeletions(request, prepared, 'before', await lookedAt(prepared))
    const planned = await whatWouldChange(request, prepared)
    return { ...toPlan(request, prepared), ...planned, ...(deletions === undefined ? {} : { deletions }) }
  })

const lookedAt = async ({
  membership,
  cohort,
  source: { relations },
  scout,
}: Prepared): Promise<((mxid: string) => boolean) | undefined> => {
  if (membership === undefined || cohort === undefined) return undefined
  const names = await namesIn(membership, cohort, { relations, reader: scout })
  return (mxid) => names.has(mxid)
}

/** Nothing where the target is empty, so that everybody is created. */
const whatWouldChange = async (request: MigrationRequest, prepared: Prepared): Promise<Partial<PlanDocument>> => {
  if (prepared.target.sql === undefined) return planSlowly(request, prepared)
  return prepared.road?.road === 'load' ? {} : foreseen(request, prepared)
}

export const toPlan = (
  { mapping: { file, sha256 } }: Pick<MigrationRequest, 'mapping'>,
  { head, relations, cohort, cohorts }: Pick<Prepared, 'head' | 'relations' | 'cohort' | 'cohorts'>,
): PlanDocument => ({
  kind: 'plan',
  ...head,
  relations,
  mapping: { file, sha256 },
  ...(cohort === undefined ? {} : { cohort }),
  ...(cohorts === undefined ? {} : { cohorts }),
})
