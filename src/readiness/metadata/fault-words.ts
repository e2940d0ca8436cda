import { numbered } from '../../report/counted.ts'
import type { ReadinessFault } from '../../report/readiness-document.ts'

const MOST_NAMED = 2

/**
 * What is wrong, each once: `issuer is missing; 7 of the addresses are http:// (issuer, jwks_uri and 5 more)`. In the order in which
 * each is found first, without a full stop.
 */
export const faultWords = (faults: readonly Pick<ReadinessFault, 'field' | 'what'>[]): string => {
  const byWhat = new Map<string, readonly string[]>()
  for (const { field, what } of faults) byWhat.set(what, [...new Set([...(byWhat.get(what) ?? []), field])])
  return [...byWhat].map(([what, fields]) => sameWords(fields, what)).join('; ')
}

const sameWords = (fields: readonly string[], what: string): string => {
  const [first] = fields
  if (first === undefined || fields.length === 1) return `${first} ${what}`
  const plural = what.replace(/^is /u, 'are ').replace(/^has /u, 'have ')
  if (fields.length === 2) return `${fields.join(' and ')} ${plural}`
  const kind = /^is \w+:\/\//u.test(what) ? 'addresses' : 'fields'
  return `${numbered(fields.length)} ${kind} of the metadata ${plural} (${named(fields)})`
}

/** `issuer, jwks_uri and 5 more`. */
const named = (fields: readonly string[]): string => {
  const more = fields.length - MOST_NAMED
  return more === 1
    ? `${fields.slice(0, MOST_NAMED).join(', ')} and ${fields.at(-1)}`
    : `${fields.slice(0, MOST_NAMED).join(', ')} and ${numbered(more)} more`
}
