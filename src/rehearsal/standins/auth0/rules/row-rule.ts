import type { Break, Check, Condition, Given, Rule, Source, Trial } from './rule.ts'

type Row = Readonly<Record<string, unknown>>

/** A rule of one field of a row of an import file, tried by importing rows. */
export interface RowRule {
  readonly id: string
  readonly says: string
  readonly sources: readonly [Source, ...Source[]]
  readonly path: string
  /** Where the errors say that it is, if not there. */
  readonly at?: string
  readonly check: Check
  readonly when?: Condition
  readonly code: string
  readonly given?: Given
  readonly keeps: Row
  readonly breaks: readonly [BrokenRow, ...BrokenRow[]]
}

export interface BrokenRow {
  readonly wrong: string
  readonly row: Row
  /** Of the field in the row; absent: the rule's, of the first item of every list. */
  readonly path?: string
  /** Other than the rule's. */
  readonly given?: Given
  /** Part of the error's message. */
  readonly message?: string
}

/** An import of one row. */
export const importTrial = (row: Row, given?: Given): Trial => ({
  ...(given === undefined ? {} : { given }),
  steps: [{ kind: 'import', rows: [row] }],
})

const firstOf = (path: string): string => path.replaceAll('[]', '[0]')

export const rowRule = (rule: RowRule): Rule => {
  const asBreak = ({
    wrong,
    row,
    path = rule.at ?? firstOf(rule.path),
    given = rule.given,
    message,
  }: BrokenRow): Break => ({
    ...importTrial(row, given),
    wrong,
    refusal: {
      kind: 'row',
      index: 0,
      code: rule.code,
      ...(path === '' ? {} : { path }),
      ...(message === undefined ? {} : { message }),
    },
  })
  const [first, ...others] = rule.breaks
  return {
    id: rule.id,
    says: rule.says,
    sources: rule.sources,
    field: {
      of: 'import row',
      path: rule.path,
      check: rule.check,
      code: rule.code,
      ...(rule.when === undefined ? {} : { when: rule.when }),
    },
    keeps: importTrial(rule.keeps, rule.given),
    breaks: [asBreak(first), ...others.map(asBreak)],
  }
}

/** A row that keeps all rules, with these fields. */
export const row = (fields: Row = {}): Row => ({ email: 'ada@example.com', email_verified: true, ...fields })

/** A connection whose users have an e-mail address, a username and a phone number, none of them required. */
export const FLEXIBLE: Given = {
  connection: {
    options: {
      attributes: {
        email: { identifier: { active: true }, profile_required: false },
        username: {
          identifier: { active: true },
          profile_required: false,
          validation: { min_length: 1, max_length: 128 },
        },
        phone_number: { identifier: { active: true }, profile_required: false },
      },
    },
  },
}
