import fc from 'fast-check'
import type { Break, Given, Refusal, Step, Trial } from '../../../../src/rehearsal/standins/auth0/rules/rule.ts'

/** Requests of ours that keep a rule, and what becomes of them that breaks it. */
export interface Mutation {
  readonly rule: string
  /** As the program sends it; the last step is the one that is mutated. */
  readonly keeps: Trial
  /** Each is tried: those that are drawn some times. */
  readonly mutants: readonly (Break | fc.Arbitrary<Break>)[]
}

export type Steps = Trial['steps']

/** What is done instead of what the program does. */
export interface Wrong {
  readonly wrong: string
  readonly steps: Steps
  readonly given?: Given
  /** Other than that of the mutation. */
  readonly refusal?: Refusal
}

export interface MutationOf {
  readonly given?: Given
  /** As the program does it. */
  readonly steps: Steps
  readonly refusal: Refusal
  readonly wrongs: readonly (Wrong | fc.Arbitrary<Wrong>)[]
}

const isDrawn = <T extends object>(value: T | fc.Arbitrary<T>): value is fc.Arbitrary<T> =>
  value instanceof fc.Arbitrary

/** Gives what is to be tried of a mutation. */
export const mutation = (rule: string, { given, steps, refusal, wrongs }: MutationOf): Mutation => {
  const whole = (wrong: Wrong): Break => ({ ...(given === undefined ? {} : { given }), refusal, ...wrong })
  return {
    rule,
    keeps: { ...(given === undefined ? {} : { given }), steps },
    mutants: wrongs.map((wrong) => (isDrawn(wrong) ? wrong.map(whole) : whole(wrong))),
  }
}

/** Some steps, and a last one. */
export const after = (before: readonly Step[], last: Step): Steps => {
  const [first, ...others] = before
  return first === undefined ? [last] : [first, ...others, last]
}
