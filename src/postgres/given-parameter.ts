import type { Problem } from '../errors/syn2op-error.ts'
import { PARAMETERS } from './parameters.ts'

/** A connection parameter as it was written. */
export interface GivenParameter {
  readonly value: string
  readonly at?: NonNullable<Problem['at']>
}

export type GivenParameters = ReadonlyMap<string, GivenParameter>

/** A problem at the place where the parameter was written. */
export const problemAt = (parameter: GivenParameter | undefined, message: string, remedy?: string): Problem => ({
  message,
  ...(parameter?.at === undefined ? {} : { at: parameter.at }),
  ...(remedy === undefined ? {} : { remedy }),
})

/** What is wrong with a parameter by its name or its choice of values; the value itself is never repeated. */
export const judge = (name: string, parameter: GivenParameter): Problem | undefined => {
  const treatment = Object.hasOwn(PARAMETERS, name) ? PARAMETERS[name] : undefined
  if (treatment === undefined) return problemAt(parameter, `${name} is no connection parameter of PostgreSQL`)
  if (treatment.kind === 'refused') return problemAt(parameter, `${name} cannot be honoured: ${treatment.because}`)
  if (treatment.values === undefined || treatment.values.includes(parameter.value)) return undefined
  const choice = treatment.values.join(', ')
  return treatment.kind === 'honoured'
    ? problemAt(parameter, `${name} must be one of ${choice}`)
    : problemAt(parameter, `${name} can only be ${choice}: ${treatment.because}`)
}
