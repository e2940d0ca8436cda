import { describe, expect, it } from 'vitest'
import type { VerifyDocument } from '../../../src/report/documents.ts'
import { nextSteps } from '../../../src/report/next-steps.ts'
import type { Stage } from '../../../src/report/run-parts.ts'
import { verdictOf } from '../../../src/report/verdict.ts'
import { verifyDocument } from '../../support/documents.ts'

const STAGES: readonly Stage[] = [
  { name: 'pilot', members: 40, begun: true, recorded: 40 },
  { name: 'rest', members: 5000, begun: false, recorded: 0 },
]

const commands = (document: VerifyDocument): readonly string[] => nextSteps(document).flatMap((step) => step.commands)

const onRecord = ({ missing }: { readonly missing: number }): Pick<VerifyDocument, 'tables'> => ({
  tables: verifyDocument.tables.map((table, index) => ({
    ...table,
    theirs: 0,
    foreign: 0,
    missing: index === 0 ? missing : 0,
  })),
})

describe('what a verification leads to while accounts wait', () => {
  const good: VerifyDocument = { ...verifyDocument, ...onRecord({ missing: 0 }) }
  const bad: VerifyDocument = { ...verifyDocument, ...onRecord({ missing: 3 }) }

  it('is the next cohort and never the cut-over, in place and of a copy aside', () => {
    const staged = { ...good, waiting: 5000, stages: STAGES }
    expect(verdictOf(staged)).toMatchObject({
      tone: 'good',
      headline: 'MAS holds what it should, as far as runs have come',
    })
    expect(commands(staged)).toEqual(['syn2op migrate --cohort rest', 'syn2op migrate'])
    expect(commands({ ...staged, changedSince: 0 })).toEqual([
      'syn2op migrate --cohort rest',
      'syn2op migrate --online',
    ])
  })

  it('is those who are left, where there are no cohorts', () => {
    expect(commands({ ...good, waiting: 12 })).toEqual(['syn2op migrate'])
    expect(commands({ ...good, waiting: 12, changedSince: 3 })).toEqual(['syn2op migrate --online'])
  })

  it('is to link, where Keycloak is what Synapse or MAS asks and everything is there', () => {
    const target = { ...good.target, product: 'Keycloak' }
    expect(nextSteps({ ...good, target })[0]?.text).toContain('logs in by Keycloak,')
    expect(commands({ ...good, target })).toEqual(['syn2op link --to synapse', 'syn2op link --to mas'])
  })

  it('is to let Synapse know Auth0, and then to link there', () => {
    const target = { ...good.target, product: 'Auth0' }
    expect(nextSteps({ ...good, target }).map(({ text }) => text)).toEqual([
      expect.stringContaining('homeserver.yaml under oidc_providers'),
      expect.stringContaining('join their accounts'),
    ])
    expect(commands({ ...good, target })).toEqual(['syn2op link --to synapse'])
  })

  it('is no run of everybody where rows are wrong', () => {
    expect(commands({ ...bad, waiting: 5000, stages: STAGES })).toEqual([
      'syn2op explain @user:server',
      'syn2op migrate --cohort NAME',
    ])
    expect(commands({ ...bad, waiting: 5000, stages: STAGES, changedSince: 0 })).toEqual([
      'syn2op explain @user:server',
      'syn2op runs list',
    ])
    expect(commands({ ...bad, stages: STAGES.slice(0, 1) })).toEqual(['syn2op explain @user:server', 'syn2op migrate'])
  })
})
