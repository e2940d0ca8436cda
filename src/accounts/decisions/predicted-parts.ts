import { type RawBuilder, sql } from 'kysely'
import type { PredictionKind, PredictionReason } from '../predictions.ts'
import type { ReasonCode } from '../reasons.ts'
import type { DecisionRules } from './rules.ts'

export const kind = (what: PredictionKind): RawBuilder<unknown> => sql`${sql.lit(what)}::text AS what`
export const reasonIn = (reasons: readonly ReasonCode[]): RawBuilder<unknown> =>
  sql`IN (${sql.join(reasons.map((reason) => sql.lit(reason)))})`

export const pair = (what: PredictionKind, reason: PredictionReason): RawBuilder<unknown> =>
  sql`${sql.lit(`${what}/${reason}`)}::text`

export const noDevice = sql`NULL::text AS device_id`
export const noName = sql`NULL::text AS name`

/** Of an account: it migrates, and its person may use it. */
export const isOpen = sql`reason IS NULL AND NOT is_deactivated AND NOT is_locked`

/** Synapse's names of the providers that take people in at the target, and of those that are switched off there. */
export const providersOf = ({ providers, shut }: DecisionRules) => {
  const carried = providers.flatMap(({ authProvider, target }) =>
    target === 'leave' ? [] : [{ authProvider, ...target }],
  )
  const isShut = ({ id }: { readonly id: string }): boolean => shut?.providers.includes(id) === true
  const names = (all: typeof carried): readonly string[] => all.map(({ authProvider }) => authProvider)
  return { open: names(carried.filter((one) => !isShut(one))), shut: names(carried.filter(isShut)) }
}

/** Of a carried identity `e`: whether its provider takes people in at the target. */
export const letsIn = (rules: DecisionRules): RawBuilder<unknown> => {
  const { open, shut } = providersOf(rules)
  return shut.length === 0 ? sql`true` : sql`e.auth_provider ${among(open)}`
}

/** Of an account: its person can set a password at the target, by an address that it is given. undefined: nobody can. */
export const resetsPassword = ({ shut, emails }: DecisionRules): RawBuilder<unknown> | undefined =>
  shut?.resets === undefined || emails?.primary === 'none'
    ? undefined
    : sql`mxid IN (
        SELECT t.mxid FROM threepid t WHERE t.reason IS NULL AND t.medium = 'email' AND t.mxid IS NOT NULL
      )`

export const among = (names: readonly string[]): RawBuilder<unknown> =>
  sql`= ANY (ARRAY[${sql.join(names.map((name) => sql.lit(name)))}]::text[])`
