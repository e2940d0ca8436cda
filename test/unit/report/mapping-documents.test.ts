import { describe, expect, test } from 'vitest'
import type { MappingCheckDocument, MappingTestDocument } from '../../../src/report/mapping-documents.ts'
import { mappingCheckSchema, mappingTestSchema } from '../../../src/report/schema/mapping-documents.ts'
import { renderMappingCheck } from '../../../src/report/text/mapping-check.ts'
import { renderMappingTest } from '../../../src/report/text/mapping-test.ts'

const VIEW = { width: 100, colour: 'off' } as const
const HEAD = { format: 1, syn2op: '0.1.0', mapping: { file: 'rules.yaml', sha256: '0'.repeat(64) } } as const

const checked: MappingCheckDocument = {
  kind: 'mapping-check',
  ...HEAD,
  databases: 'asked',
  remarks: [
    { rule: 'ghosts.0', line: 4, severity: 'warning', message: 'of 3 accounts …', samples: ['@anna:x.org'] },
    { rule: 'accept.1', severity: 'notice', message: 'nothing is found today that has the code GUESTS' },
  ],
}

const tested: MappingTestDocument = {
  kind: 'mapping-test',
  ...HEAD,
  accounts: [
    { mxid: '@nobody:x.org', rows: [] },
    { mxid: '@b:x.org', decision: 'hold back', reason: 'bot', by: { rule: 'accounts.bots', line: 2 }, rows: [] },
    {
      mxid: '@anna:x.org',
      decision: 'migrate',
      cohort: { name: 'pilot', rule: 'cohorts.0', line: 9 },
      username: 'anna2',
      primaryEmail: 'a@x.org',
      attributes: { colour: 'red\u001B[31m' },
      rows: [
        {
          row: {
            relation: 'threepid',
            medium: 'email',
            address: 'b@x.org',
            decision: 'leave',
            reason: 'email_not_primary',
          },
          by: { rule: 'emails.others', line: 6 },
        },
        {
          row: { relation: 'external_id', authProvider: 'oidc', subject: '17', decision: 'carry' },
          provider: 'oidc-new',
          by: { rule: 'providers.oidc', line: 7 },
        },
      ],
    },
  ],
}

describe('what is said of a mapping', () => {
  test('is as its published schema has it', () => {
    expect(mappingCheckSchema.parse(checked)).toEqual(checked)
    expect(mappingTestSchema.parse(tested)).toEqual(tested)
    const unreached = { ...checked, databases: { code: 'database.unreachable', message: 'it does not answer' } }
    expect(mappingCheckSchema.parse(unreached)).toEqual(unreached)
  })

  test('counts remarks and shows each with its line', () => {
    const text = renderMappingCheck(checked, VIEW)
    expect(text).toContain('rules.yaml: the rules are well formed; 1 warning, 1 notice')
    expect(text).toContain('ghosts.0 (line 4)\n  of 3 accounts …\n    @anna:x.org')
  })

  test('says where the databases were not looked at, and why', () => {
    const message = 'nobody answers'
    expect(renderMappingCheck({ ...checked, remarks: [], databases: 'not asked' }, VIEW)).toMatch(
      /nothing to remark\n\nWhether the rules match anybody was not looked at/u,
    )
    expect(renderMappingCheck({ ...checked, databases: { code: 'database.refused', message } }, VIEW)).toContain(
      'could not be looked at: nobody answers (database.refused)',
    )
  })

  test('names the rule that decides about each account and row, and lets no control character through', () => {
    const text = renderMappingTest(tested, VIEW)
    expect(text).toMatch(/@nobody:x\.org\nDecision +none: Synapse has no such account/u)
    expect(text).toMatch(/Decision +hold back: a bot, by accounts\.bots \(line 2\)/u)
    expect(text).toMatch(/Cohort +pilot, by cohorts\.0 \(line 9\)/u)
    expect(text).toMatch(/email +b@x\.org: leave: not the primary address, by emails\.others \(line 6\)/u)
    expect(text).toMatch(/oidc +17: carry as oidc-new, by providers\.oidc \(line 7\)/u)
    expect(text).not.toContain('\u001B')
  })
})
