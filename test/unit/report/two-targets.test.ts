import { describe, expect, it } from 'vitest'
import type { Finding } from '../../../src/findings/finding.ts'
import type { PlanDocument, RunDocument } from '../../../src/report/documents.ts'
import type { LinkDocument } from '../../../src/report/link-document.ts'
import { pseudonymise } from '../../../src/report/pseudonyms/pseudonymise.ts'
import { pseudonymsOf } from '../../../src/report/pseudonyms/pseudonyms.ts'
import { planOfTwoSchema, runOfTwoSchema } from '../../../src/report/schema/two-targets.ts'
import { renderTwoTargets } from '../../../src/report/text/two-targets.ts'
import { areProved, type PlanOfTwo, type RunOfTwo } from '../../../src/report/two-targets.ts'
import { afterPlans, afterRuns, afterVerifications } from '../../../src/report/two-targets-steps.ts'
import { planDocument as plan, runDocument as run, verifyDocument } from '../../support/documents.ts'
import { golden } from '../../support/golden.ts'

const keycloak = {
  product: 'Keycloak',
  version: '26.7.3',
  location: 'https://id.example.org/realms/people',
  schema: 'none',
  postgres: 'none',
}

const MOVES = 'moves_to_other_target'

/** Half of a plan: what the other half takes is left to it. */
const half = (takes: readonly string[], changes: Partial<PlanDocument>): PlanDocument => ({
  ...plan,
  findings: [],
  ...changes,
  relations: plan.relations.map((one) =>
    takes.includes(one.relation) || one.carried === 0
      ? one
      : { ...one, carried: 0, left: [{ reason: MOVES, count: one.carried }, ...one.left] },
  ),
})

const shared = {
  code: 'SYNAPSE_BACKGROUND_UPDATES',
  severity: 'warning',
  message: '2 are pending',
  remedy: [],
} as const

const logins = half(['account', 'password', 'threepid', 'external_id'], { target: keycloak, findings: [shared] })
const accounts = half(['account', 'threepid', 'session', 'access_token', 'refresh_token'], {
  findings: [shared, { code: 'NO_BACKUP', severity: 'warning', message: 'Nobody has said where one is', remedy: [] }],
})

const links: LinkDocument = {
  kind: 'link',
  format: 1,
  syn2op: '0.1.0',
  serverName: 'example.org',
  asOf: '2026-11-21T22:00:00.000Z',
  action: 'look',
  to: { product: 'MAS', location: 'mas@db:5432/mas', table: 'upstream_oauth_links' },
  provider: { id: '01563e3a-b5d3-d676-4c61-efb99302bd5b', name: 'Keycloak (01ARZ3NDEKTSV4RRFFQ69G5FAV)' },
  accounts: 46_000,
  links: { write: 0, there: 12 },
  findings: [],
  next: [],
}

const planned = (plans: PlanOfTwo['plans'], ofLinks?: LinkDocument): PlanOfTwo => {
  const document = {
    kind: 'plan-of-two',
    format: 1,
    syn2op: '0.1.0',
    serverName: 'example.org',
    plans,
    ...(ofLinks === undefined ? {} : { links: ofLinks }),
  } as const
  return { ...document, next: afterPlans(document) }
}

const ran = (runs: readonly RunDocument[], ofLinks?: LinkDocument): RunOfTwo => {
  const document = {
    kind: 'run-of-two',
    format: 1,
    syn2op: '0.1.0',
    serverName: 'example.org',
    runs,
    ...(ofLinks === undefined ? {} : { links: ofLinks }),
  } as const
  return { ...document, next: afterRuns(document) }
}

const text = (document: PlanOfTwo | RunOfTwo): string =>
  renderTwoTargets(document, { width: 100, colour: 'off', detail: 'short' })

describe('a plan of two targets', () => {
  it('looks as it did', () => {
    const document = planned([logins, accounts], links)
    expect(planOfTwoSchema.safeParse(document).error).toBeUndefined()
    expect(text(document)).toBe(golden('plan-of-two.txt', text(document)))
  })

  it('names the target of what only one of them finds', () => {
    const shown = text(planned([logins, accounts], links))
    expect(shown).toContain('  2 are pending')
    expect(shown.match(/2 are pending/gu)).toHaveLength(1)
    expect(shown).toContain('  MAS: Nobody has said where one is')
  })

  it('leaves nothing of which each target takes all that it could', () => {
    const shown = text(planned([logins, accounts], links))
    expect(shown).not.toContain('moves to the other target')
  })
})

const shutOut: Finding = {
  code: 'LINK_NOT_AT_KEYCLOAK',
  severity: 'warning',
  message: '7 accounts are at MAS and not at Keycloak',
  count: 7,
  samples: ['@bob:example.org (somebody else has the e-mail)'],
  remedy: [],
}
const shuttingOut = (found: Finding): LinkDocument => ({ ...links, findings: [found] })

describe('whom only the target of the accounts takes', () => {
  it('is named by a plan, which is not ready unless somebody accepts it', () => {
    const document = planned(
      [
        { ...logins, findings: [] },
        { ...accounts, findings: [] },
      ],
      shuttingOut(shutOut),
    )
    expect(text(document)).toContain(
      'To MAS, and not to Keycloak: 7 accounts\n  @bob:example.org (somebody else has the e-mail)\n  and 6 more',
    )
    expect(text(document)).toContain('There are warnings to acknowledge.')
    expect(document.next[0]?.commands[0]).toContain('--accept LINK_NOT_AT_KEYCLOAK')
  })

  it.each([shutOut, { ...shutOut, accepted: 'LINK_NOT_AT_KEYCLOAK' }])('is never passed over by runs', (found) => {
    const runs = [
      { ...run, target: keycloak, findings: [] },
      { ...run, findings: [] },
    ]
    const shown = text(ran(runs, shuttingOut(found)))
    expect(shown).toContain('@bob:example.org (somebody else has the e-mail)')
    expect(shown).toContain('their people linked, but for 7 accounts at MAS without a login at Keycloak')
  })

  it('disproves both, unless somebody accepts it', () => {
    const verifications = [verifyDocument, verifyDocument] as const
    expect(areProved({ verifications, links })).toBe(true)
    expect(areProved({ verifications, links: shuttingOut(shutOut) })).toBe(false)
    expect(areProved({ verifications, links: shuttingOut({ ...shutOut, accepted: 'all-warnings' }) })).toBe(true)
  })
})

describe('documents of two targets', () => {
  it('can be shown without names, with everything that has to be typed', () => {
    const ofAnna = { code: 'EMAIL_SHARED', severity: 'warning', message: 'of @anna:example.org', remedy: [] } as const
    const document = planned(
      [{ ...logins, findings: [{ ...ofAnna, samples: ['@anna:example.org'] }] }, accounts],
      links,
    )
    const shown = pseudonymise(document, pseudonymsOf(Buffer.alloc(32, 7)))
    expect(JSON.stringify(shown)).not.toContain('anna')
    expect(shown.next).toEqual(document.next)
    expect(shown.links?.to).toEqual(links.to)
  })
})

describe('runs into two targets', () => {
  const first: RunDocument = { ...run, target: keycloak, findings: [], runId: '20261121-220000-aaaa' }
  const second: RunDocument = { ...run, findings: [], runId: '20261121-220500-bbbb' }

  it('are taken back in the opposite order, links first', () => {
    const document = ran([first, second], { ...links, runId: '20261121-221000-cccc', action: 'apply' })
    expect(runOfTwoSchema.safeParse(document).error).toBeUndefined()
    expect(document.next.at(-1)?.commands).toEqual([
      'syn2op link --to mas --undo 20261121-221000-cccc',
      'syn2op rollback 20261121-220500-bbbb --target mas',
      'syn2op rollback 20261121-220000-aaaa --target keycloak',
    ])
    expect(text(document)).toContain('Both are filled, and their people linked.')
  })

  it('that were stopped say how to go on', () => {
    const document = ran([{ ...first, endedEarly: { why: 'stopped', resume: 'syn2op migrate --resume' } }])
    expect(document.next.map(({ commands }) => commands)).toEqual([['syn2op migrate --resume']])
    expect(text(document)).toContain('It did not come to its end.')
  })
})

describe('cohorts at two targets', () => {
  const clear = (document: PlanDocument, changes: Partial<PlanDocument>): PlanDocument => ({
    ...document,
    findings: [],
    ...changes,
  })
  const counted = (cohort: string) => ({ cohort, read: 4, carried: 4, left: [] })
  const stage = (name: string, begun: boolean) => ({ name, members: 4, begun, recorded: begun ? 4 : 0 })
  const typed = (document: { readonly next: PlanOfTwo['next'] }) => document.next.flatMap(({ commands }) => commands)

  it('are what the plan of one leads to, whose links come with the final run', () => {
    const document = planned([clear(logins, { cohort: 'pilot' }), clear(accounts, { cohort: 'pilot' })], links)
    expect(typed(document)).toEqual(['syn2op migrate --target keycloak --target mas --cohort pilot'])
    const shown = text(document)
    expect(shown).toContain('2. MAS, into a copy that stands aside:')
    expect(shown).toMatch(/3\. Links in MAS, provider .*: with the final run/u)
  })

  it('are counted by a plan of everybody, which leads to the first that is left at one of the two', () => {
    const begun = { ...counted('pilot'), begun: true } as const
    const document = planned(
      [
        clear(logins, { cohorts: [begun, { ...counted('half'), begun: true }, counted('rest')] }),
        clear(accounts, { cohorts: [begun, counted('half'), counted('rest')] }),
      ],
      links,
    )
    expect(document.next[0]?.text).toBe('Migrate one cohort after the other, half, rest:')
    expect(text(document)).toMatch(/^half +4 +4 +0$/mu)
  })

  it('are gone on with after each of them, and before links and MAS', () => {
    const into = (target: RunDocument['target'], waits: boolean): RunDocument => ({
      ...run,
      target,
      findings: [],
      cohort: 'pilot',
      stages: [stage('pilot', true), stage('half', !waits), stage('rest', false)],
    })
    const aside = ran([into(keycloak, false), { ...into(run.target, true), road: 'online' }])
    expect(typed(aside)).toEqual([
      'syn2op migrate --target keycloak --target mas --cohort half',
      'syn2op migrate --target keycloak --target mas --online',
    ])
    expect(text(aside)).toContain('Keycloak has the cohort pilot, and so has the copy for MAS')
    const linked = ran([into(keycloak, false), into(run.target, false)], links)
    expect(typed(linked).slice(0, 2)).toEqual([
      'syn2op migrate --target keycloak --target mas --cohort rest',
      'syn2op migrate --target keycloak --target mas',
    ])
    expect(linked.next.map((one) => one.text).join(' ')).not.toContain('Tell Synapse')
  })

  it('that wait are no reason to tell Synapse of MAS, where all that is there is as it should be', () => {
    const stages = [stage('pilot', true), stage('rest', false)]
    const one = { ...verifyDocument, waiting: 4, stages }
    expect(afterVerifications({ verifications: [one, one], links }).flatMap(({ commands }) => commands)).toEqual([
      'syn2op migrate --target keycloak --target mas --cohort rest',
      'syn2op migrate --target keycloak --target mas',
    ])
  })
})

describe('a copy for MAS', () => {
  const copy: RunDocument = { ...run, findings: [], road: 'online' }

  it('that was stopped is not told as up to date', () => {
    const stopped = { why: 'stopped', resume: 'syn2op migrate --resume' } as const
    const shown = text(
      ran([
        { ...run, target: keycloak, findings: [] },
        { ...copy, endedEarly: stopped },
      ]),
    )
    expect(shown).toContain('It did not come to its end.')
    expect(shown).not.toContain('is up to date, and so is the copy')
  })

  it('that is not what it should be is told so, and brought up to date by a run that it allows', () => {
    const proof = { rows: 9, wrongRows: 1, keys: 9, differingBuckets: 0 }
    const shown = text(
      ran([
        { ...run, target: keycloak, findings: [] },
        { ...copy, proof },
      ]),
    )
    expect(shown).toContain('The copy is not what it should be.')
    const [table] = verifyDocument.tables
    const wrong = { ...verifyDocument, tables: table === undefined ? [] : [{ ...table, missing: 1 }], changedSince: 0 }
    const next = afterVerifications({ verifications: [verifyDocument, wrong] })
    expect(next.at(-1)?.commands).toEqual(['syn2op migrate --target keycloak --target mas --online'])
  })
})
