import { describe, expect, it } from 'vitest'
import type { Finding } from '../../../src/findings/finding.ts'
import type { PlanDocument, RunDocument } from '../../../src/report/documents.ts'
import type { LinkDocument } from '../../../src/report/link-document.ts'
import { pseudonymise } from '../../../src/report/pseudonyms/pseudonymise.ts'
import { pseudonymsOf } from '../../../src/report/pseudonyms/pseudonyms.ts'
import { planOfTwoSchema, runOfTwoSchema } from '../../../src/report/schema/two-targets.ts'
import { renderTwoTargets } from '../../../src/report/text/two-targets.ts'
import { areProved, type PlanOfTwo, type RunOfTwo } from '../../../src/report/two-targets.ts'
import { afterPlans, afterRuns } from '../../../src/report/two-targets-steps.ts'
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
