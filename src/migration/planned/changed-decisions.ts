import { Syn2opError } from '../../errors/syn2op-error.ts'
import type { DecisionChange, PlanComparison } from '../../report/plan-comparison.ts'
import type { Prepared } from '../prepare.ts'
import { compareGroups } from './compare-groups.ts'
import { nameOwners } from './name-owners.ts'
import type { PlanFile } from './plan-file.ts'
import { type DecidedGroups, unpackGroups } from './read-decided.ts'

/** As many names of accounts as a comparison has for each pair of decisions. */
const SAMPLES = 50

/** About whom something else is decided than in an older plan; undefined where that does not have all decisions. */
export const changedDecisions = async (
  { document: { decided } }: PlanFile,
  now: DecidedGroups,
  { source: { relations }, scout }: Pick<Prepared, 'source' | 'scout'>,
): Promise<PlanComparison['accounts']> => {
  if (decided === undefined) return undefined
  const { moved, onlyNow, onlyBefore } = compareGroups(unpackGroups(decided.accounts), now)
  const changed: DecisionChange[] = []
  for (const { before, now: to, owners } of moved) {
    const samples = await nameOwners(owners, { relations, reader: scout }, SAMPLES)
    changed.push({ before, now: to, count: owners.length, samples })
  }
  return { new: sizeOf(onlyNow), gone: sizeOf(onlyBefore), changed: changed.toSorted((a, b) => b.count - a.count) }
}

const sizeOf = (groups: ReadonlyMap<string | null, readonly bigint[]>): number =>
  [...groups.values()].reduce((sum, { length }) => sum + length, 0)

/**
 * Plans of two homeservers, or of two parts of one, have nothing in common.
 * @throws Syn2opError plan.other
 */
export const requireComparable = (
  { file, document }: PlanFile,
  { head: { serverName }, cohort }: Pick<Prepared, 'head' | 'cohort'>,
): void => {
  if (document.serverName === serverName && document.cohort === cohort) return
  const [theirs, ours] = [partOf(document.serverName, document.cohort), partOf(serverName, cohort)]
  throw new Syn2opError('plan.other', `${file} is a plan of ${theirs}, and this is one of ${ours}`, {
    next: ['Compare plans of the same homeserver and the same cohort.'],
  })
}

const partOf = (serverName: string, cohort: string | undefined): string =>
  cohort === undefined ? serverName : `the cohort ${cohort} of ${serverName}`
