import { expect } from 'vitest'
import { REASONS } from '../../../src/accounts/reasons.ts'
import { verify } from '../../../src/migration/verify.ts'
import type { RunDocument } from '../../../src/report/documents.ts'
import { isAccountedFor } from '../../../src/report/totals.ts'
import { compareMasRows, type Identifiers } from '../expected-rows/compare.ts'
import { type CaseRules, oracleRules, type Workbench } from '../generated/workbench.ts'
import { wrongTables } from '../migration/run.ts'
import { countsOf, decide, wantedOf } from '../oracle.ts'

/** Which reason codes a run of many cases has met. */
export interface Coverage {
  readonly met: Set<string>
}

/** Of targets that make usernames, take some relations only or are Synapse's own provider; MAS is none of these. */
const NOT_OF_MAS: readonly string[] = [
  'username_missing',
  'username_collision',
  'username_refused',
  'username_not_settled',
  'leads_to_target',
  'one_per_provider',
  'stays_in_synapse',
  'moves_to_other_target',
]

/** Reason codes of MAS that none of the cases reached. */
export const unreached = ({ met }: Coverage): readonly string[] =>
  Object.keys(REASONS).filter((code) => !met.has(code) && !NOT_OF_MAS.includes(code))

const countsOfRun = ({ relations }: RunDocument) =>
  Object.fromEntries(
    relations.map(({ relation, carried, left }) => [
      relation,
      Object.fromEntries([
        ...(carried > 0 ? [['carry', carried] as const] : []),
        ...left.map(({ reason, count }) => [reason, count] as const),
      ]),
    ]),
  )

/**
 * in = out: every row that was read is carried or left for a reason, and both as often as the oracle says. A run that
 * brings a copy up to date counts accounts only.
 */
export const expectAccountedFor = async (
  bench: Workbench,
  rules: CaseRules,
  document: RunDocument,
  coverage: Coverage,
): Promise<void> => {
  const counts = countsOf(decide(await bench.readSource(), oracleRules(rules)))
  for (const ofRelation of Object.values(counts)) for (const code of Object.keys(ofRelation)) coverage.met.add(code)
  expect(document.relations.filter((relation) => !isAccountedFor(relation))).toEqual([])
  const counted = document.relations.map(({ relation }) => relation)
  expect(counted).toContain('account')
  expect(countsOfRun(document)).toEqual(Object.fromEntries(counted.map((relation) => [relation, counts[relation]])))
}

/** MAS holds what the oracle wants of the source as it is, and the program's own verification agrees. */
export const expectMigrated = async (bench: Workbench, rules: CaseRules, identifiers: Identifiers): Promise<void> => {
  const wanted = wantedOf(decide(await bench.readSource(), oracleRules(rules)))
  expect(compareMasRows(wanted, await bench.readMas(), identifiers)).toEqual([])
  expect(wrongTables(await verify(bench.request(rules)))).toEqual([])
}
