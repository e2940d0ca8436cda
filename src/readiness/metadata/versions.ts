import type { Evidence } from '../evidence.ts'
import { memberOf, objectOf } from './reading.ts'

/** What /versions says. */
export interface ListedVersions {
  /** Such as `v1.15`. */
  readonly versions: readonly string[]
  /** The names that are true, such as `org.matrix.msc4108`. */
  readonly features: ReadonlySet<string>
}

/** Undefined where it was not asked, nobody answered, or the answer is none of /versions. */
export const listedVersions = (evidence: Evidence): ListedVersions | undefined => {
  const answer = evidence.asked.versions?.answer
  const document = answer?.status === 200 ? objectOf(answer.json) : undefined
  const versions = memberOf(document, 'versions')
  if (!Array.isArray(versions)) return undefined
  const features = objectOf(memberOf(document, 'unstable_features')) ?? {}
  return {
    versions: versions.filter((version) => typeof version === 'string'),
    features: new Set(Object.keys(features).filter((name) => features[name] === true)),
  }
}

/** Minor of Matrix 1, such as 15 of `v1.15`; undefined for `r0.6.1` and whatever else. */
const minorOf = (version: string): number | undefined => {
  const minor = /^v1\.(\d{1,4})$/u.exec(version)?.[1]
  return minor === undefined ? undefined : Number(minor)
}

/** The newest of Matrix 1 that is listed, such as `v1.15`. */
export const newestVersion = (listed: ListedVersions): string | undefined =>
  listed.versions
    .filter((version) => minorOf(version) !== undefined)
    .toSorted((one, other) => (minorOf(one) ?? 0) - (minorOf(other) ?? 0))
    .at(-1)

/** Whether a version from v1.15 on is listed, with which Element X asks the stable address. */
export const listsFrom15 = (listed: ListedVersions): boolean =>
  listed.versions.some((version) => (minorOf(version) ?? 0) >= 15 || /^v[2-9]\.\d/u.test(version))

/** Whether v1.15 itself is listed, with which Element Web asks the stable address. */
export const lists15 = (listed: ListedVersions): boolean => listed.versions.includes('v1.15')
