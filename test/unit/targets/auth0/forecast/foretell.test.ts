import { describe, expect, it } from 'vitest'
import { forecastTable } from '../../../../../src/targets/auth0/forecast/forecast-table.ts'
import { foretell } from '../../../../../src/targets/auth0/forecast/foretell.ts'
import type { PlannedWork } from '../../../../../src/targets/target.ts'

const config = { plan: 'professional', rate: { share: 0.8 }, providers: [] } as const

const told = (planned: PlannedWork, share = 0.8) =>
  foretell(planned, { config: { ...config, rate: { share } }, bytesPerAccount: 730 })

const hours = (seconds: number): number => Math.round((seconds / 3600) * 10) / 10

describe('what is foretold of a migration to Auth0', () => {
  it.each([
    ['free', 10_000, 0.3, 1.7, 3.5],
    ['free', 100_000, 3.5, 17.4, 34.7],
    ['free', 1_000_000, 34.7, 173.6, 347.2],
    ['enterprise-nonproduction', 10_000, 0.3, 1.7, 3.5],
    ['enterprise-nonproduction', 100_000, 3.5, 17.4, 34.7],
    ['enterprise-nonproduction', 1_000_000, 34.7, 173.6, 347.2],
    ['essentials', 10_000, 0.1, 0.4, 1],
    ['essentials', 100_000, 0.9, 4.2, 10.4],
    ['essentials', 1_000_000, 9.3, 41.7, 104.2],
    ['professional', 10_000, 0.1, 0.4, 1],
    ['professional', 100_000, 0.9, 4.2, 10.4],
    ['professional', 1_000_000, 9.3, 41.7, 104.2],
    ['enterprise', 10_000, 0.1, 0.2, 0.4],
    ['enterprise', 100_000, 0.9, 2.2, 4.3],
    ['enterprise', 1_000_000, 9.3, 21.7, 43.4],
    ['enterprise-bulk', 10_000, 0, 0.2, 0.4],
    ['enterprise-bulk', 100_000, 0.3, 2.2, 4.3],
    ['enterprise-bulk', 1_000_000, 2.5, 21.7, 43.4],
  ])('is at %s, for %i people: %f h, then %f h to prove it or %f h to take it back', (plan, accounts, ...expected) => {
    const row = forecastTable(0.8).find((one) => one.plan === plan && one.accounts === accounts)
    expect([row?.migrate, row?.verify, row?.rollback].map((seconds = 0) => hours(seconds))).toEqual(expected)
  })

  it('is what changes take where nobody is new: each is read and then written, side by side', () => {
    const { phases, afterwards } = told({ outcomes: [{ outcome: 'updated', count: 800 }], accounts: 5000 })
    // 200 changes a minute are the slower half of it, of which four in five are used.
    expect(phases).toEqual([{ phase: 'change', seconds: expect.closeTo((800 / (200 * 0.8)) * 60) }])
    expect(afterwards).toEqual([{ what: 'verify', seconds: expect.closeTo((5000 / (500 * 0.8)) * 60) }])
  })

  it('is longer by what others are left, but for imports, which no request speeds up', () => {
    const planned = {
      outcomes: [
        { outcome: 'created', count: 9000 },
        { outcome: 'removed', count: 400 },
      ],
      accounts: 9000,
    } as const
    const [whole, half] = [told(planned, 1), told(planned, 0.5)]
    expect(half.phases.map(({ seconds }) => seconds)).toEqual([
      whole.phases[0]?.seconds,
      expect.closeTo(2 * (whole.phases[1]?.seconds ?? 0)),
    ])
    expect(half.afterwards?.[0]?.seconds).toBeCloseTo(2 * (whole.afterwards?.[0]?.seconds ?? 0))
  })

  it('is nothing where nothing is to be done, but for the proof', () => {
    expect(told({ outcomes: [{ outcome: 'unchanged', count: 500 }], accounts: 500 })).toMatchObject({
      phases: [],
      afterwards: [{ what: 'verify' }],
    })
  })

  it('says of which numbers it is made, and who says them', () => {
    expect(told({ outcomes: [], accounts: 0 }).basis).toBe(
      'the limits of the plan professional (500 reads, 200 changes and 200 deletions of users a minute, as Auth0 documents them), of which 80 % are used (if they come back all at once at the end of each minute, as another of Auth0’s pages has it, only 40 reads, 20 changes and 20 deletions a minute, which take many times as long), and about 30 users a second in two import jobs (inferred from what Auth0’s support says of other plans)',
    )
    const of = (plan: 'free' | 'enterprise-bulk'): string =>
      foretell(
        { outcomes: [], accounts: 0 },
        { config: { plan, rate: { share: 1 }, providers: [] }, bytesPerAccount: 730 },
      ).basis
    expect(of('free')).toMatch(
      /^the limits of the plan free \(2 requests a second,.* 100 % .* 8 users a second .*script/,
    )
    expect(of('enterprise-bulk')).toMatch(
      /16 requests a second.*110 users a second.*Auth0’s support says so of one tenant/,
    )
  })

  it('says what it leaves out where people are made by SCIM', () => {
    const providers = [{ id: 'corp', authProvider: 'oidc-corp', strategy: 'oidc', link: 'scim' }] as const
    const { basis } = foretell(
      { outcomes: [], accounts: 0 },
      { config: { ...config, providers }, bytesPerAccount: 730 },
    )
    expect(basis).toMatch(/, without the two changes and three reads that each person takes who is made by SCIM$/)
  })
})
