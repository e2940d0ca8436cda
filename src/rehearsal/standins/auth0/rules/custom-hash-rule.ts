import { type BrokenRow, row, rowRule } from './row-rule.ts'
import type { Check, Condition, Rule, Source } from './rule.ts'

/** The page's own example: of `hello`, cost 10. */
export const BCRYPT = '$2b$10$nFguVi9LsCAcvTZFKQlRKeLVydo8ETv483lkNsSFI/Wl1Rz1Ypo1K'
export type CustomHash = Readonly<Record<string, unknown>>
const hashed = (custom: unknown) => row({ custom_password_hash: custom })
export const bcryptHash = (value: unknown = BCRYPT): CustomHash => ({
  algorithm: 'bcrypt',
  hash: { value, encoding: 'utf8' },
})

interface CustomHashRule {
  readonly id: string
  readonly says: string
  readonly sources: readonly [Source, ...Source[]]
  /** Below custom_password_hash. */
  readonly path: string
  readonly check: Check
  readonly when?: Condition
  readonly code: string
  readonly keeps: CustomHash
  readonly breaks: readonly [readonly [wrong: string, custom: unknown], ...(readonly [string, unknown])[]]
}

export const algorithmIs = (...algorithms: readonly string[]): Condition => ({
  kind: 'field',
  path: 'custom_password_hash.algorithm',
  in: algorithms,
})

/** A rule of a custom hash, tried by rows that have one. */
export const customHashRule = ({ id, path, breaks, keeps, ...rule }: CustomHashRule): Rule => {
  const asBroken = ([wrong, custom]: readonly [string, unknown]): BrokenRow => ({ wrong, row: hashed(custom) })
  const [first, ...others] = breaks
  return rowRule({
    ...rule,
    id: `row.custom_password_hash.${id}`,
    path: path === '' ? 'custom_password_hash' : `custom_password_hash.${path}`,
    keeps: hashed(keeps),
    breaks: [asBroken(first), ...others.map(asBroken)],
  })
}
