import { placeOf } from '../config/yaml/check-schema.ts'
import type { Located } from '../config/yaml/located.ts'
import { didYouMean } from '../errors/did-you-mean.ts'
import { type Problem, Syn2opError } from '../errors/syn2op-error.ts'
import type { MatchInFile } from './cohort-schema.ts'
import type { ListReader } from './list-file.ts'
import { type CohortMatch, type CohortRule, type Mapping, REST, type TimeRange } from './mapping.ts'

interface CohortInFile {
  readonly name: string
  readonly match: MatchInFile
}

/** Where the cohorts stand in the mapping, for what is wrong with one. */
interface CohortsAt {
  readonly root: Located | undefined
  readonly file: string
  readonly readList: ListReader
}

/** Makes the rules of the cohorts as they are written, their lists read. */
export const readCohorts = (
  cohorts: readonly CohortInFile[],
  { root, file, readList }: CohortsAt,
): { readonly cohorts: readonly CohortRule[]; readonly problems: readonly Problem[] } => {
  const problems: Problem[] = []
  const rules = cohorts.map(({ name, match }, position): CohortRule => {
    const at = placeOf(root, ['cohorts', String(position), 'match', 'list']) ?? { file }
    const list = match.list === undefined ? undefined : readList(match.list)
    for (const problem of list?.problems ?? []) {
      problems.push({ ...problem, message: `the list of \`${name}\`: ${problem.message}`, at: problem.at ?? at })
    }
    return { name, match: toMatch(match, list?.names) }
  })
  rules.forEach(({ name, match }, position) => {
    const covered = rules.slice(0, position).find((earlier) => takesAllOf(earlier.match, match))
    if (covered === undefined) return
    problems.push({
      message: `\`cohorts.${position}\`: nobody is left for ${name}, since ${covered.name} before it takes them all; percentages are of all accounts`,
      at: placeOf(root, ['cohorts', String(position), 'match']) ?? { file },
    })
  })
  return { cohorts: rules, problems }
}

const toMatch = (match: MatchInFile, mxids: readonly string[] | undefined): CohortMatch => ({
  ...(match.localparts === undefined ? {} : { localparts: match.localparts }),
  ...(match.email_domains === undefined
    ? {}
    : { emailDomains: match.email_domains.map((domain) => domain.toLowerCase()) }),
  ...(match.providers === undefined ? {} : { providers: match.providers }),
  ...(match.last_seen === undefined ? {} : { lastSeen: toRange(match.last_seen) }),
  ...(match.created === undefined ? {} : { created: toRange(match.created) }),
  ...(match.admin === undefined ? {} : { admin: match.admin }),
  ...(mxids === undefined ? {} : { mxids }),
  ...(match.percent === undefined ? {} : { percent: match.percent }),
})

const toRange = ({ after, before }: NonNullable<MatchInFile['last_seen']>): TimeRange => ({
  ...(after === undefined ? {} : { after: Date.parse(after) }),
  ...(before === undefined ? {} : { before: Date.parse(before) }),
})

/** Percentages are parts of each other: after 20 percent of all, 10 percent of all are nobody. */
const takesAllOf = (earlier: CohortMatch, later: CohortMatch): boolean =>
  Object.keys(earlier).length === 1 &&
  earlier.percent !== undefined &&
  later.percent !== undefined &&
  earlier.percent >= later.percent

/** The names of all cohorts in order, the rest last; none where the mapping has no cohorts. */
export const cohortNames = ({ cohorts }: Pick<Mapping, 'cohorts'>): readonly string[] =>
  cohorts.length === 0 ? [] : [...cohorts.map(({ name }) => name), REST]

/**
 * Refuses a cohort that nobody knows.
 * @param known the names of all cohorts, the rest among them.
 * @throws Syn2opError usage, with all names, and the one that was probably meant.
 */
export const requireCohort = (cohort: string, known: readonly string[], { file }: Pick<Mapping, 'file'>): void => {
  if (known.includes(cohort)) return
  if (known.length === 0) {
    throw new Syn2opError('usage', `The mapping ${file} names no cohorts, so there is no ${cohort}`, {
      next: ['Add `cohorts:` to the mapping (docs/reference/mapping.md says how), or leave out --cohort.'],
    })
  }
  const meant = didYouMean(cohort, known)
  throw new Syn2opError(
    'usage',
    `There is no cohort ${cohort}${meant === undefined ? '' : `; did you mean ${meant}?`}`,
    { next: [`Name one of these: ${known.join(', ')}.`] },
  )
}
