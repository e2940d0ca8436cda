import fc from 'fast-check'
import { placesAt } from '../../../../src/rehearsal/standins/auth0/fields/places.ts'
import { isObject } from '../../../../src/rehearsal/standins/auth0/json.ts'
import type { FieldRule, Rule } from '../../../../src/rehearsal/standins/auth0/rules/rule.ts'
import type { Row } from '../recorded-requests/ours.ts'
import { withValueAt } from '../value-at.ts'
import { violate } from '../violations.ts'
import { brokenRules, connectionOf } from './broken.ts'
import { bodyOf, givenOf } from './fit.ts'

/** Of the connection of the trials; that of the rule of the shortest has three. */
const LENGTHS = { shortest: 3, longest: 128 }

/** Checks of an object's properties, which are put beside those that it has. */
const OF_PROPERTIES = ['only', 'none of', 'keys without']

/** A text with some letters more, less, or others. */
const edited = (text: string): fc.Arbitrary<unknown> =>
  fc
    .tuple(fc.nat(text.length), fc.string({ maxLength: 2 }), fc.constantFrom(0, 1, 5))
    .map(([at, put, cut]) => text.slice(0, at) + put + text.slice(at + cut))

interface Candidates {
  /** Null, and what the rule itself has for wrong. */
  readonly known: readonly unknown[]
  readonly drawn: fc.Arbitrary<unknown>
}

/** Bodies made of one of ours, most of which break the rule. */
const candidatesOf = (rule: Rule, { path, check }: FieldRule, body: Row): Candidates => {
  const present = placesAt(body, path)[0]?.value
  const beside = (value: unknown): unknown => (isObject(present) && isObject(value) ? { ...present, ...value } : value)
  const put = (value: unknown): unknown => withValueAt(body, path, value)
  const own = rule.breaks.flatMap((each) => placesAt(bodyOf(each), path).map(({ value }) => beside(value)))
  const drawn = violate(check, LENGTHS).map((value) => (OF_PROPERTIES.includes(check.kind) ? beside(value) : value))
  const none = check.kind === 'at least one of' && isObject(present) ? [lacking(present, check.properties)] : []
  return {
    known: [...(check.kind === 'type' ? [null] : []), ...own, ...none].map(put),
    drawn: typeof present === 'string' ? fc.oneof(drawn, edited(present)).map(put) : drawn.map(put),
  }
}

const lacking = (whole: Row, properties: readonly string[]): Row =>
  Object.fromEntries(Object.entries(whole).filter(([name]) => !properties.includes(name)))

/** What cannot be sent, or not be refused: a field that is null in a change is taken away. */
const isSent = ({ of, path }: FieldRule, body: unknown): boolean =>
  of !== 'changed user' || placesAt(body, path)[0]?.value !== null || NEVER_NULL.includes(path)

const NEVER_NULL = ['email_verified', 'phone_verified', 'blocked', 'verify_email', 'app_metadata', 'user_metadata']

/** So many are drawn at once, and so often at most. */
const DRAWN = 30
const ROUNDS = 10
/** Of those that are known, and of those that are drawn. */
const WANTED = 2

export interface BrokenBodies {
  readonly bodies: readonly unknown[]
  /** Rules that each of them breaks too: none, where there are any that break this one alone. */
  readonly beside: readonly string[]
}

/** Bodies that break a rule and, where that can be, no other. */
export const brokenBodies = (rule: Rule, field: FieldRule, body: Row, seed: number): BrokenBodies => {
  const { isBroken, others } = brokenRules(rule, field, connectionOf(givenOf(rule)))
  const { known, drawn } = candidatesOf(rule, field, body)
  const texts = new Set<string>()
  let fewest: { readonly body: unknown; readonly beside: readonly string[] } | undefined
  const aloneOf = (bodies: readonly unknown[], wanted: number): readonly unknown[] => {
    const alone: unknown[] = []
    for (const candidate of bodies) {
      if (alone.length === wanted) break
      const text = JSON.stringify(candidate)
      const sent: unknown = JSON.parse(text)
      if (texts.has(text) || !isSent(field, sent) || !isBroken(sent)) continue
      texts.add(text)
      const beside = others(sent)
      if (beside.length === 0) alone.push(sent)
      else if (fewest === undefined || beside.length < fewest.beside.length) fewest = { body: sent, beside }
    }
    return alone
  }
  let alone = aloneOf(known, WANTED)
  const wanted = alone.length + WANTED
  for (let round = 0; round < ROUNDS && alone.length < wanted; round += 1) {
    const sample = fc.sample(drawn, { numRuns: DRAWN, seed: seed + round })
    alone = [...alone, ...aloneOf(sample, wanted - alone.length)]
  }
  if (alone.length > 0) return { bodies: alone, beside: [] }
  return fewest === undefined ? { bodies: [], beside: [] } : { bodies: [fewest.body], beside: fewest.beside }
}
