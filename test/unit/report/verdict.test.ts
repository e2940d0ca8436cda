import { describe, expect, it } from 'vitest'
import type { Finding } from '../../../src/findings/finding.ts'
import { findingsOf, groupFindings } from '../../../src/report/grouped-findings.ts'
import { nextSteps } from '../../../src/report/next-steps.ts'
import { verdictOf } from '../../../src/report/verdict.ts'
import { formatMoment, reasonText } from '../../../src/report/words.ts'
import { CONFLICTS } from '../../../src/targets/changes.ts'
import {
  checkDocument,
  planDocument,
  planDocumentOfCohorts,
  runDocument,
  verifyDocument,
  verifyDocumentWithDifferences,
} from '../../support/documents.ts'
import {
  endedRehearsalDocument,
  failedRehearsalDocument,
  keptRehearsalDocument,
  rehearsalDocument,
  unprovedRehearsalDocument,
} from '../../support/rehearsal-documents.ts'
import { rollbackDocument } from '../../support/rollback-documents.ts'

const warning: Finding = { code: 'A', severity: 'warning', message: 'something', remedy: [] }
const accepted: Finding = { ...warning, code: 'B', accepted: 'by --accept B' }
const notice: Finding = { ...warning, code: 'C', severity: 'notice' }

const commands = (document: Parameters<typeof nextSteps>[0]) => nextSteps(document).flatMap((step) => step.commands)

describe('the verdict over a check or a plan', () => {
  it('is bad while there is an error', () => {
    expect(verdictOf(checkDocument)).toEqual({
      tone: 'bad',
      headline: '1 error stands in the way',
      sentences: ['1 error, 2 warnings, 1 notice; 1 acknowledged.'],
    })
    expect(commands(checkDocument)).toEqual(['syn2op check'])
  })

  it('asks for attention while a warning is not acknowledged, and says how to acknowledge it', () => {
    const document = { ...checkDocument, findings: [warning, warning, accepted, notice] }
    expect(verdictOf(document)).toMatchObject({ tone: 'attention', headline: '2 warnings to acknowledge' })
    expect(commands(document)).toEqual(['syn2op check --accept A'])
  })

  it('offers all-warnings where many are about the data, and names those of the moment', () => {
    const findings = ['GUESTS', 'ORPHANS', 'PHONES', 'EMAIL_OLD', 'SYNAPSE_RUNNING'].map((code) => ({
      ...warning,
      code,
    }))
    expect(commands({ ...planDocument, findings })).toEqual([
      'syn2op plan --accept all-warnings --accept SYNAPSE_RUNNING',
    ])
  })

  it('is good when only acknowledged warnings and notices are left', () => {
    const document = { ...planDocument, findings: [accepted, notice] }
    expect(verdictOf(document)).toMatchObject({ tone: 'good', headline: 'Ready to migrate' })
    expect(commands(document)).toEqual(['syn2op rehearse --demo', 'syn2op migrate'])
  })

  it('names the cohorts that no run has begun, in their order, and none that has nobody', () => {
    const [pilot, ...others] = planDocumentOfCohorts.cohorts ?? []
    const waiting = others.map(({ cohort }) => cohort)
    const findings = [{ ...notice, code: 'MAS_COPY_ASIDE' }]
    const begun = { ...planDocumentOfCohorts, findings, cohorts: [{ ...pilot!, begun: true as const }, ...others] }
    const [next] = nextSteps(begun)
    expect(next?.text).toContain(`${waiting.join(', ')}:`)
    expect(next?.commands).toEqual([`syn2op migrate --cohort ${waiting[0]}`])
    const all = begun.cohorts.map((one) => ({ ...one, begun: true as const }))
    expect(commands({ ...begun, cohorts: all })).toEqual(['syn2op migrate --online', 'syn2op migrate --final'])
  })

  it('leads on from a copy that stands aside, and does not rehearse beside people', () => {
    const followed = (code: string) => commands({ ...planDocument, findings: [{ ...notice, code }] })
    expect(followed('MAS_COPY_ASIDE')).toEqual(['syn2op migrate --online', 'syn2op migrate --final'])
    expect(followed('MAS_HAS_PEOPLE')).toEqual(['syn2op migrate'])
  })

  it('counts the accounts once where some are held back for the sake of others at the target', () => {
    const outcomes = [
      { outcome: 'created', count: 3 },
      { outcome: 'held back', count: 5 },
    ] as const
    const { sentences } = verdictOf({ ...planDocument, outcomes })
    expect(sentences.filter((one) => /accounts/iu.test(one))).toEqual(['Accounts: 3 created, 5 held back.'])
  })

  it('is bad when rows are missing from the account, whatever else was found', () => {
    const relations = planDocument.relations.map((each) => ({ ...each, carried: each.carried - 1 }))
    expect(verdictOf({ ...planDocument, relations })).toMatchObject({
      tone: 'bad',
      headline: 'The counts do not add up',
      sentences: expect.arrayContaining([expect.stringContaining('do not add up')]),
    })
    expect(commands({ ...planDocument, relations })).toEqual([])
  })
})

describe('the verdict over a run, a verification, a rehearsal', () => {
  it('a run is good when every row is accounted for', () => {
    expect(verdictOf(runDocument)).toEqual({
      tone: 'good',
      headline: 'Migrated in 8.0 s',
      sentences: [
        '43,993 of 48,210 accounts moved; 4,217 held back.',
        'Of 414,148 rows read, 53,427 stay behind, each with its reason.',
      ],
    })
    expect(
      verdictOf({
        ...runDocument,
        outcomes: [
          { outcome: 'created', count: 43_992 },
          { outcome: 'held back', count: 4_218 },
        ],
      }).sentences[0],
    ).toBe('Accounts: 43,992 created, 4,218 held back.')
    const [account, ...others] = runDocument.relations
    const short = { ...runDocument, relations: [{ ...account!, read: account!.read + 1 }, ...others] }
    expect(verdictOf(short).tone).toBe('bad')
    expect(commands(short)).toEqual([])
  })

  it('a load whose rows could not be put on record asks for attention, and for that first', () => {
    const unrecorded = { ...runDocument, unrecorded: true } as const
    const { tone, sentences } = verdictOf(unrecorded)
    expect(tone).toBe('attention')
    expect(sentences).toContain('What was written could not be put on record yet. It stands, and MAS may start.')
    expect(commands(unrecorded)).toEqual(['syn2op migrate --resume', 'syn2op verify'])
  })

  it('a final run that was refused leads to the accounts that are missing, or to a new beginning', () => {
    const refused = { ...runDocument, road: 'final', refused: ['Not yet.'] } as const
    expect(commands(refused)).toEqual(['syn2op explain @user:server', 'syn2op migrate --final'])
    const proof = { rows: 5, wrongRows: 0, keys: 90, differingBuckets: 2 }
    expect(commands({ ...refused, proof })).toEqual([
      'syn2op verify',
      `syn2op rollback ${runDocument.runId}`,
      'syn2op migrate --online',
    ])
  })

  it('of a copy found wrong that is taken back which was found so: a stage, so many accounts, or all of it', () => {
    const proof = { rows: 5, wrongRows: 1, keys: 5, differingBuckets: 0 }
    const wrong = { ...runDocument, road: 'online', candidates: 5, proof } as const
    const stepsBack = (run: typeof runDocument): readonly string[] => commands(run).slice(1)
    expect(stepsBack({ ...wrong, cohort: 'pilot' })).toEqual(['syn2op rollback pilot', 'syn2op migrate --cohort pilot'])
    expect(stepsBack({ ...wrong, limit: 9 })).toEqual([`syn2op rollback ${wrong.runId}`, 'syn2op migrate --limit 9'])
    expect(stepsBack(wrong)).toEqual(['syn2op runs list', 'syn2op migrate --online'])
    const whole = [`syn2op rollback ${wrong.runId}`, 'syn2op migrate --online']
    expect(stepsBack({ ...wrong, road: 'final' })).toEqual(whole)
  })

  it('a verification is good without a difference, bad with one', () => {
    expect(verdictOf(verifyDocument)).toMatchObject({ tone: 'good', headline: 'MAS holds exactly what it should' })
    expect(verdictOf(verifyDocumentWithDifferences)).toMatchObject({
      tone: 'bad',
      headline: '4 rows are not as they should be',
    })
    expect(commands(verifyDocumentWithDifferences)).toEqual(['syn2op migrate'])
  })

  it('a verification is bad when rows were left unopened, and says about how many', () => {
    const [first, ...others] = verifyDocument.tables
    expect(verdictOf({ ...verifyDocument, tables: [{ ...first!, unopened: 2000 }, ...others] })).toMatchObject({
      tone: 'bad',
      sentences: [expect.stringContaining('about 2,000 more may differ')],
    })
  })

  it('a rollback names how rows ended that it could not bring back, apart from those that it left as they are', () => {
    const { sentences } = verdictOf(rollbackDocument)
    expect(sentences).toContainEqual(expect.stringMatching(/^3 rows .* ended: .* or identity[.]$/u))
    expect(sentences).toContainEqual(expect.stringMatching(/^7 rows .* stayed as they are/u))
  })

  describe('a rollback account by account', () => {
    const asked = { ...rollbackDocument, tables: [], lost: [], usedAccounts: 'keep' } as const
    const ended = (unchanged: number, rejected: number) => ({
      ...asked,
      used: unchanged,
      outcomes: [
        { outcome: 'removed', count: 20 } as const,
        ...(unchanged === 0 ? [] : [{ outcome: 'unchanged', count: unchanged } as const]),
        ...(rejected === 0 ? [] : [{ outcome: 'rejected', count: rejected } as const]),
      ],
    })

    it('says beforehand how long it takes, where that is long', () => {
      const { runId: _, milliseconds: __, ...shown } = asked
      const sentences = (most: number) =>
        verdictOf({ ...shown, expectedMilliseconds: { least: most / 5, most } }).sentences.join(' ')
      expect(sentences(3_000_000)).toContain('to be taken back. That takes between 10 min and 50 min.')
      expect(sentences(5000)).not.toContain('That takes')
    })

    it('says whom the target refused to take back, and where its words are', () => {
      expect(verdictOf(ended(0, 40))).toMatchObject({
        tone: 'attention',
        headline: 'Taken back but for 40 accounts that MAS refused, in 8.4 s',
        sentences: expect.arrayContaining([expect.stringMatching(/^MAS refused .* 40 accounts.*accounts[.]ndjson/u)]),
      })
      expect(verdictOf(ended(1, 1)).headline).toBe(
        'Taken back but for what people use and 1 account that MAS refused, in 8.4 s',
      )
    })

    it('offers to try again where the target refused somebody, or could not say yet that they are gone', () => {
      const again = `syn2op rollback ${rollbackDocument.of.name}`
      expect(commands(ended(0, 40))).toContain(again)
      expect(commands(ended(1, 0))).not.toContain(again)
    })

    it('does not offer to take back accounts in use, which such a target always keeps', () => {
      expect(verdictOf(ended(1, 0)).headline).toBe('Taken back but for what people use, in 8.4 s')
      expect(commands(ended(1, 0)).filter((command) => command.includes('--used'))).toEqual([])
      expect(commands({ ...rollbackDocument, usedAccounts: 'keep' })).toContain(
        `syn2op rollback ${rollbackDocument.of.name} --used remove`,
      )
    })
  })

  describe('a rehearsal', () => {
    it('says first whether it passed, what was not proved, how long the night will be, and what that will ask', () => {
      expect(verdictOf(rehearsalDocument)).toMatchObject({ tone: 'good', headline: 'Rehearsal passed' })
      const { tone, headline, sentences } = verdictOf({ ...unprovedRehearsalDocument, toAccept: ['PHONES', 'GUESTS'] })
      expect([tone, headline]).toEqual([
        'attention',
        'Rehearsal passed; not proved: logins, old tokens, single sign-on',
      ])
      expect(sentences.slice(0, 2)).toEqual([
        'The real night: between 15 s and 1 min 32 s to migrate and verify 120,000 accounts with 1,030,000 rows.',
        'The night will ask to accept 2 warnings: PHONES, GUESTS.',
      ])
    })

    it('that failed says at which steps and why, though these came to their ends', () => {
      expect(verdictOf(failedRehearsalDocument)).toMatchObject({
        tone: 'bad',
        headline: 'Rehearsal failed: verify, prove logins and tokens, plan again',
        sentences: expect.arrayContaining(['4 rows are not as they should be.', '7 of 10 steps passed.']),
      })
      expect(verdictOf(endedRehearsalDocument)).toMatchObject({
        tone: 'bad',
        headline: 'Rehearsal failed: migrate',
        sentences: expect.arrayContaining(['Not proved: rollback.', '5 of 10 steps passed, 4 skipped.']),
      })
    })

    it('never passes by its verdict alone', () => {
      expect(verdictOf({ ...failedRehearsalDocument, verdict: 'passed' }).tone).toBe('bad')
      expect(verdictOf({ ...rehearsalDocument, verdict: 'failed' })).toMatchObject({
        tone: 'bad',
        headline: 'Rehearsal failed',
      })
    })

    it('counts accounts by how they ended where the run tells it: what was to move may have been rejected', () => {
      const outcomes = [
        { outcome: 'created', count: 205 },
        { outcome: 'held back', count: 19 },
        { outcome: 'rejected', count: 6 },
      ] as const
      const { sentences } = verdictOf({ ...rehearsalDocument, run: { ...runDocument, outcomes } })
      expect(sentences).toContain('Accounts: 205 created, 19 held back, 6 rejected.')
      expect(sentences.join(' ')).not.toMatch(/accounts moved/u)
    })

    it('leads on: to the same again, as the error says, to the own people, to the own target, and to the end of what runs on', () => {
      expect(commands(failedRehearsalDocument)).toEqual(['syn2op rehearse --synapse-config homeserver.yaml'])
      expect(commands(endedRehearsalDocument)).toEqual(['syn2op explain @anna:example.org', 'syn2op rehearse --demo'])
      expect(commands(keptRehearsalDocument).slice(0, 2)).toEqual([
        'syn2op rehearse --clean k7dq2mfa',
        'syn2op rehearse --synapse-config homeserver.yaml',
      ])
      expect(commands(rehearsalDocument)).toEqual(['syn2op plan --accept EMAIL_SHARED'])
      const plan = { ...planDocument, target: { ...planDocument.target, product: 'Keycloak' } }
      expect(commands({ ...endedRehearsalDocument, plan })).toContain('syn2op rehearse --demo --target keycloak')
    })
  })
})

describe('what a report says', () => {
  it('groups findings, the gravest first, and leaves out empty groups', () => {
    expect(
      groupFindings([notice, warning, accepted]).map(({ severity, findings }) => [severity, findings.length]),
    ).toEqual([
      ['warning', 2],
      ['notice', 1],
    ])
  })

  it('names once what every step of a rehearsal finds', () => {
    expect(findingsOf(rehearsalDocument)).toEqual(planDocument.findings)
  })

  it('gives reasons in words, and unknown ones by their code', () => {
    expect(reasonText('guest')).toBe('guest')
    expect(reasonText('hidden_device')).toBe('a cross-signing key, not a device')
    expect(reasonText('toString')).toBe('toString')
  })

  it('knows every conflict in words', () => {
    for (const code of Object.keys(CONFLICTS)) expect(reasonText(code)).not.toBe(code)
    expect(reasonText('username_taken')).toBe('somebody else has the name')
  })

  it('gives moments in UTC', () => {
    expect(formatMoment('2026-11-21T22:00:00.000Z')).toBe('2026-11-21 22:00:00 UTC')
    expect(formatMoment('tomorrow')).toBe('tomorrow')
  })
})
