/**
 * A path of the Admin API, in which every value is one encoded segment, whatever letters it has:
 * `` adminPath`users/${id}/federated-identity/${alias}` ``.
 * @throws RangeError for an empty value, `.` and `..`, which would lead to another resource.
 */
export const adminPath = (texts: TemplateStringsArray, ...values: readonly string[]): string =>
  String.raw({ raw: texts }, ...values.map(segment))

const segment = (value: string): string => {
  if (value === '' || value === '.' || value === '..') {
    throw new RangeError(`${JSON.stringify(value)} is no segment of a path`)
  }
  return encodeURIComponent(value.toWellFormed())
}
