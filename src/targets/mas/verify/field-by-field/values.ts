import { isIPv4, isIPv6 } from 'node:net'
import type { PlainRow } from '../../../../accounts/plain-accounts.ts'

/** A field of a row of MAS, as both sides write it: times in ISO with milliseconds, addresses in one form. */
export type FieldValue = string | number | boolean | null

export const textOf = (row: PlainRow, column: string): string | null => {
  const value = row[column] ?? null
  return value === null ? null : String(value)
}

export const numberOf = (row: PlainRow, column: string): number | null => {
  const value = row[column] ?? null
  return value === null ? null : Number(value)
}

/** A flag of Synapse: a boolean, or 0 and 1 in what was made long ago. NULL is not set. */
export const flagOf = (row: PlainRow, column: string): boolean => {
  const value = row[column] ?? null
  return value !== null && value !== false && value !== 0
}

/** The last moment that a target can hold: 9999-12-31T23:59:59.999Z. */
const LAST_MOMENT = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

/** Milliseconds as a moment that a timestamp can hold. */
export const moment = (milliseconds: number | null): number | null =>
  milliseconds === null ? null : Math.min(Math.max(milliseconds, 0), LAST_MOMENT)

/** Seconds as milliseconds; beyond the last moment, its last whole second. */
export const momentOfSeconds = (seconds: number | null): number | null =>
  seconds === null ? null : Math.min(Math.max(seconds, 0), Math.floor(LAST_MOMENT / 1000)) * 1000

export const isoOf = (milliseconds: number | null): string | null =>
  milliseconds === null ? null : new Date(milliseconds).toISOString()

/**
 * A timestamp as PostgreSQL writes it into JSON, in the form of `isoOf`. What is finer than a millisecond stays in the
 * text: no value of Synapse has it.
 */
export const isoOfTimestamp = (text: string | null): string | null => {
  if (text === null) return null
  const [, fraction = ''] = /\.(\d+)/u.exec(text) ?? []
  const time = Date.parse(text)
  if (Number.isNaN(time)) return text
  return `${new Date(time).toISOString().slice(0, 19)}.${fraction.padEnd(3, '0').replace(/^(\d{3}\d*?)0*$/u, '$1')}Z`
}

/** An address in one form; null for what is none, such as `-`, or has a zone or a prefix. */
export const addressOf = (text: string | null): string | null => {
  if (text === null) return null
  if (isIPv4(text)) return text
  if (!isIPv6(text) || text.includes('%')) return null
  return groupsOf(text)
    .map((group) => group.toString(16))
    .join(':')
}

const groupsOf = (text: string): readonly number[] => {
  const [head = '', tail] = text.split('::')
  const before = groupsOfPart(head)
  if (tail === undefined) return before
  const after = groupsOfPart(tail)
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after]
}

const groupsOfPart = (part: string): readonly number[] =>
  part === ''
    ? []
    : part.split(':').flatMap((group) => {
        if (!group.includes('.')) return [Number.parseInt(group, 16)]
        const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number)
        return [a * 256 + b, c * 256 + d]
      })
