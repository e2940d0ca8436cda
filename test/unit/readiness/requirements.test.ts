import { describe, expect, test } from 'vitest'
import { FINDINGS } from '../../../src/findings/catalogue.ts'
import { PROBE_CODES } from '../../../src/readiness/probes/probe.ts'
import type { WalkStepName } from '../../../src/readiness/requirements/requirement.ts'
import { REQUIREMENTS } from '../../../src/readiness/requirements/requirements.ts'

const STEPS: Readonly<Record<WalkStepName, true>> = {
  metadata: true,
  registration: true,
  authorization: true,
  token: true,
  whoami: true,
  refresh: true,
  'lost answer': true,
  'revocation': true,
}

describe('the table of requirements', () => {
  test('has each requirement once', () => {
    const ids = REQUIREMENTS.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('says of each where it is answered, or why it is not asked', () => {
    const unanswered = REQUIREMENTS.filter(
      ({ probes = [], steps = [], whyNot }) => probes.length + steps.length === 0 && whyNot === undefined,
    )
    expect(unanswered).toEqual([])
  })

  test('names findings that `syn2op check` has', () => {
    const named = REQUIREMENTS.flatMap(({ findings = [] }) => findings)
    expect(named.filter((code) => !Object.hasOwn(FINDINGS, code))).toEqual([])
  })

  test('has a requirement for every probe and every step of the walk', () => {
    const probes = new Set(REQUIREMENTS.flatMap((each) => each.probes ?? []))
    const steps = new Set(REQUIREMENTS.flatMap((each) => each.steps ?? []))
    expect(PROBE_CODES.filter((code) => !probes.has(code))).toEqual([])
    expect([...steps].toSorted()).toEqual(Object.keys(STEPS).toSorted())
  })

  test.each([
    [
      'homeserver',
      [
        'discovery',
        'introspection',
        'delegated-password',
        'delegated-3pids',
        'application-services',
        'guests',
        'device-list',
      ],
    ],
    [
      'op',
      [
        'op-discovery',
        'dynamic-registration',
        'device-scope',
        'pkce',
        'response-modes',
        'refresh',
        'revocation',
        'op-introspection',
        'account-management',
        'qr',
        'several-emails',
        'phones',
        'terms',
        'captcha',
        'upstream-oidc',
        'upstream-saml-cas-ldap',
        'sign-out-notices',
        'rp-initiated-logout',
        'sign-up',
      ],
    ],
    ['migration', ['password-hashes', 'existing-sessions', 'sso-users', 'old-clients', 'small-sites']],
  ])('asks of the %s what the ecosystem asks', (of, ids) => {
    const there = REQUIREMENTS.filter((each) => each.of === of).map(({ id }) => id)
    expect(there).toEqual(expect.arrayContaining(ids))
  })
})
