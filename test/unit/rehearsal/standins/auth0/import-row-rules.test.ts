import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkFields } from '../../../../../src/rehearsal/standins/auth0/fields/check-fields.ts'
import { RULES } from '../../../../../src/rehearsal/standins/auth0/rules/index.ts'
import type { FieldRule, Rule, Trial } from '../../../../../src/rehearsal/standins/auth0/rules/rule.ts'
import { withValueAt } from '../../../../support/auth0/value-at.ts'
import { violate } from '../../../../support/auth0/violations.ts'

const ALL = Object.values(RULES).flat()
const FIELDS = ALL.flatMap((rule) =>
  rule.field?.of === 'import row' ? [[rule.id, rule, rule.field] as readonly [string, Rule, FieldRule]] : [],
)

const connectionOf = ({ given }: Trial) => ({
  options: { requires_username: true, validation: { username: { min: 1, max: 128 } }, ...given?.connection?.options },
})

const rowOf = ({ steps: [step] }: Trial): unknown => (step.kind === 'import' ? step.rows?.[0] : undefined)
const violationsOf = (row: unknown, trial: Trial) => checkFields(ALL, 'import row', row, connectionOf(trial))

const LENGTHS = { shortest: 3, longest: 128 }

describe.each(FIELDS)('%s', (_, rule, { path, check, code }) => {
  it('finds nothing in the row that keeps it', () => {
    expect(violationsOf(rowOf(rule.keeps), rule.keeps)).toEqual([])
  })

  it('finds whatever breaks it, in that row', () => {
    fc.assert(
      fc.property(violate(check, LENGTHS), (value) => {
        const broken = withValueAt(rowOf(rule.keeps), path, value)
        expect(violationsOf(broken, rule.keeps)).toContainEqual(
          expect.objectContaining({ code, path: path.replaceAll('[]', '[0]') }),
        )
      }),
      { numRuns: 20 },
    )
  })
})
