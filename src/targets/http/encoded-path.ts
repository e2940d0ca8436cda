/**
 * A path in which every value is one encoded segment, whatever letters it has: `` encodedPath`users/${id}/identities` ``.
 * @throws RangeError for an empty value, `.` and `..`, which would lead to another resource.
 */
export const encodedPath = (texts: TemplateStringsArray, ...values: readonly string[]): string =>
  String.raw({ raw: texts }, ...values.map(segment))

const segment = (value: string): string => {
  if (value === '' || value === '.' || value === '..') {
    throw new RangeError(`${JSON.stringify(value)} is no segment of a path`)
  }
  return encodeURIComponent(value.toWellFormed())
}
