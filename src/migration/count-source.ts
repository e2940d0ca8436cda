import type { RawBuilder } from 'kysely'
import type { Client } from 'pg'
import type { DecisionRules } from '../accounts/decisions/rules.ts'
import { mattersTo } from '../findings/matters-to.ts'
import type { Mapping } from '../mapping/mapping.ts'
import { run } from '../postgres/statement.ts'
import type { CohortCount } from '../report/documents.ts'
import type { ProviderUse } from '../report/plan-parts.ts'
import { type Audit, auditSource } from '../synapse/audit/audit.ts'
import { loginFindings } from '../synapse/audit/login-findings.ts'
import { providerFindings } from '../synapse/audit/provider-findings.ts'
import { providersInUse, providerTally, providerUse } from '../synapse/audit/provider-use.ts'
import type { SourceCatalogue } from '../synapse/catalogue.ts'
import type { HomeserverConfig } from '../synapse/homeserver.ts'
import type { Relations } from '../synapse/relations.ts'
import type { Stoppable, Target, TargetCheck } from '../targets/target.ts'
import { cohortFindings } from './cohort-findings.ts'
import { countCohorts, rowsOf } from './membership.ts'
import type { PreparedCohorts } from './prepare-cohorts.ts'

interface CountSourceOptions extends PreparedCohorts, Stoppable {
  readonly target: Pick<Target, 'name' | 'providers'>
  readonly homeserver: HomeserverConfig
  readonly mapping: Pick<Mapping, 'cohorts' | 'providers'>
  readonly catalogue: SourceCatalogue
  /** Tables that our role may not SELECT from. */
  readonly unreadable: readonly string[]
  /** Tables of which a policy hides rows from our role. */
  readonly filtered: readonly string[]
  readonly relations: Relations
  readonly rules: DecisionRules
  readonly decisions: RawBuilder<unknown>
  /** Within one snapshot. */
  readonly readers: readonly [Client, ...Client[]]
}

/** What was counted of the source. */
export interface CountedSource extends Audit {
  readonly cohorts?: readonly CohortCount[]
  readonly providers: readonly ProviderUse[]
  /** As the target is asked about them. */
  readonly providersInUse: TargetCheck['providersInUse']
}

/** Counts every decision, or those of one cohort, the accounts of every cohort, and the providers of everybody. */
export const countSource = async (options: CountSourceOptions): Promise<CountedSource> => {
  const { membership, cohort, begun = [], mapping, signal, target, homeserver, relations, rules, ...source } = options
  const part = membership === undefined || cohort === undefined ? {} : { isCounted: await rowsOf(membership, cohort) }
  const audit = await auditSource({ ...source, homeserver, relations, rules, target: target.name, ...part })
  const [reader] = source.readers
  const tallies = await run(reader, providerTally(source.decisions))
  const providers = providerUse({ tallies, homeserver, rules, targets: target.providers })
  const told = [...loginFindings({ ...audit, homeserver, shut: rules.shut }), ...providerFindings(providers)]
  const counted = {
    ...audit,
    findings: [...audit.findings, ...told.filter(mattersTo(target.name))],
    providers,
    providersInUse: providersInUse(tallies, mapping.providers),
  }
  if (membership === undefined) return counted
  const counts = await countCohorts(membership, { decisions: source.decisions, reader, signal })
  const cohorts = counts.map((one): CohortCount => (begun.includes(one.cohort) ? { ...one, begun: true } : one))
  if (membership.at === 'target' || membership.frozen) return { ...counted, cohorts }
  const ofCohorts = await cohortFindings({ mapping, counts: cohorts, relations, reader })
  return { ...counted, findings: [...counted.findings, ...ofCohorts], cohorts }
}
