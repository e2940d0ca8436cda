import type { RawBuilder } from 'kysely'
import type { Client } from 'pg'
import type { DecisionRules } from '../accounts/decisions/rules.ts'
import type { Mapping } from '../mapping/mapping.ts'
import type { CohortCount } from '../report/documents.ts'
import { type Audit, auditSource } from '../synapse/audit/audit.ts'
import type { Relations } from '../synapse/relations.ts'
import type { Stoppable } from '../targets/target.ts'
import { cohortFindings } from './cohort-findings.ts'
import { countCohorts, rowsOf } from './membership.ts'
import type { PreparedCohorts } from './prepare-cohorts.ts'

interface CountSourceOptions extends PreparedCohorts, Stoppable {
  readonly mapping: Pick<Mapping, 'cohorts'>
  readonly relations: Relations
  readonly rules: DecisionRules
  readonly decisions: RawBuilder<unknown>
  /** Within one snapshot. */
  readonly readers: readonly [Client, ...Client[]]
}

/** Counts every decision, or those of one cohort, and the accounts of every cohort. */
export const countSource = async ({
  membership,
  cohort,
  begun = [],
  mapping,
  signal,
  ...source
}: CountSourceOptions): Promise<Audit & { readonly cohorts?: readonly CohortCount[] }> => {
  if (membership === undefined) return auditSource(source)
  const part = cohort === undefined ? {} : { isCounted: await rowsOf(membership, cohort) }
  const audit = await auditSource({ ...source, ...part })
  const [reader] = source.readers
  const counts = await countCohorts(membership, { decisions: source.decisions, reader, signal })
  const cohorts = counts.map((one): CohortCount => (begun.includes(one.cohort) ? { ...one, begun: true } : one))
  if (membership.at === 'target' || membership.frozen) return { ...audit, cohorts }
  const { relations } = source
  const findings = [...audit.findings, ...(await cohortFindings({ mapping, counts: cohorts, relations, reader }))]
  return { ...audit, findings, cohorts }
}
