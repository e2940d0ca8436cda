import { isObject } from '../json.ts'

/** Where in a body a path of a rule leads. */
export interface Place {
  /** As errors name it: `mfa_factors[0].totp.secret`; empty: the body itself. */
  readonly path: string
  /** The last name of it. */
  readonly name: string
  /** Undefined: it is absent. */
  readonly value: unknown
}

const below = (place: Place, step: string): readonly Place[] => {
  const { path, value } = place
  if (step === '[]')
    return Array.isArray(value)
      ? value.map((item: unknown, index) => ({ path: `${path}[${index}]`, name: place.name, value: item }))
      : []
  if (!isObject(value)) return []
  return [
    {
      path: path === '' ? step : `${path}.${step}`,
      name: step,
      value: Object.hasOwn(value, step) ? value[step] : undefined,
    },
  ]
}

const steps = new Map<string, readonly string[]>()

/** `a[].b` in its steps: `a`, `[]`, `b`. */
const stepsOf = (path: string): readonly string[] => {
  const known =
    steps.get(path) ??
    path
      .replaceAll('[]', '.[]')
      .split('.')
      .filter((step) => step !== '')
  steps.set(path, known)
  return known
}

/** None where what the last step would be looked for in is not there, or no object or list. */
export const placesAt = (body: unknown, path: string): readonly Place[] =>
  stepsOf(path).reduce<readonly Place[]>(
    (places, step) => places.flatMap((place) => below(place, step)),
    [{ path: '', name: '', value: body }],
  )
