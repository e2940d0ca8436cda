import type { Client } from 'pg'
import { unknownNames } from '../accounts/decisions/unknown-names.ts'
import { FINDINGS, finding } from '../findings/catalogue.ts'
import type { Finding } from '../findings/finding.ts'
import type { Mapping } from '../mapping/mapping.ts'
import { run } from '../postgres/statement.ts'
import { counted } from '../report/counted.ts'
import type { CohortCount } from '../report/documents.ts'
import type { Relations } from '../synapse/relations.ts'

interface CohortFindingsOptions {
  readonly mapping: Pick<Mapping, 'cohorts'>
  readonly counts: readonly CohortCount[]
  readonly relations: Relations
  readonly reader: Client
}

/** What an administrator must know of cohorts that nobody has frozen yet: later nothing of it can be changed. */
export const cohortFindings = async ({
  mapping: { cohorts },
  counts,
  relations,
  reader,
}: CohortFindingsOptions): Promise<readonly Finding[]> => {
  const findings: Finding[] = []
  for (const { name, match } of cohorts) {
    if (match.mxids === undefined) continue
    const [unknown] = await run(reader, unknownNames(match.mxids, relations))
    if (unknown === undefined || unknown.count === 0) continue
    findings.push(
      finding('COHORT_NAMES_UNKNOWN', {
        message: `The list of the cohort ${name} has ${counted(unknown.count, 'name', 'names')} that no account has`,
        count: unknown.count,
        samples: unknown.samples,
        remedy: [FINDINGS.COHORT_NAMES_UNKNOWN.remedy],
      }),
    )
  }
  const empty = counts.slice(0, -1).filter(({ read }) => read === 0)
  if (empty.length > 0) {
    findings.push(
      finding('COHORT_EMPTY', {
        message: `Nobody is in ${empty.length === 1 ? 'the cohort' : 'the cohorts'} ${empty.map(({ cohort }) => cohort).join(', ')}`,
        count: empty.length,
        remedy: [FINDINGS.COHORT_EMPTY.remedy],
      }),
    )
  }
  return findings
}
