import type { Place } from '../config/yaml/located.ts'
import type { Mapping } from './mapping.ts'

/** Where a rule stands, or the section that it would stand in; the file alone where the mapping was not read from one. */
export const placeOfRule = (
  { file, placeOf }: Pick<Mapping, 'file' | 'placeOf'>,
  ...path: readonly string[]
): Place | { readonly file: string } => placeOf?.(path) ?? { file }
