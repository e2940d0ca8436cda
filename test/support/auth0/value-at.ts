const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const put = (body: unknown, steps: readonly string[], value: unknown): unknown => {
  const [step, ...others] = steps
  if (step === undefined) return value
  if (step === '[]') {
    const [first, ...rest] = Array.isArray(body) ? body : []
    return [put(first, others, value), ...rest]
  }
  const record = isRecord(body) ? body : {}
  const { [step]: before, ...rest } = record
  const after = put(before, others, value)
  return after === undefined ? rest : { ...rest, [step]: after }
}

/** A body with another value at the path of a rule, in the first item of every list on the way; `undefined` takes it out. */
export const withValueAt = (body: unknown, path: string, value: unknown): unknown =>
  put(
    body,
    path
      .replaceAll('[]', '.[]')
      .split('.')
      .filter((step) => step !== ''),
    value,
  )
