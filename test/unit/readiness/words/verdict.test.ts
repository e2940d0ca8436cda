import { describe, expect, it } from 'vitest'
import { compareReadiness } from '../../../../src/readiness/compare.ts'
import { readinessExit } from '../../../../src/readiness/words/exit.ts'
import { readinessVerdict } from '../../../../src/readiness/words/verdict.ts'
import type { ReadinessDocument } from '../../../../src/report/readiness-document.ts'
import { discovered, discoveredDocument } from '../../../support/readiness/discovery.ts'
import {
  accepting,
  conflictingConfiguration,
  documentOf,
  failedWalk,
  offlineDocument,
} from '../../../support/readiness/documents.ts'
import { answered } from '../../../support/readiness/evidence.ts'
import { OPS } from '../../../support/readiness/ops.ts'
import { PRODUCTS, productWith } from '../../../support/readiness/whole-products.ts'

const works = accepting(documentOf(PRODUCTS['Synapse and MAS']))
const masDown = documentOf(
  productWith('Synapse and MAS', { whoami: answered(503, discovered('synapse-503-mas-down')) }),
)
const httpIssuer = answered(200, { ...discoveredDocument('synapse-mas-auth-metadata'), issuer: 'http://[::]:8080/' })
const httpMas = documentOf(
  productWith('Synapse and MAS', {
    metadataStable: httpIssuer,
    metadataUnstable: httpIssuer,
    login: answered(200, discovered('mas-login-flows-passwords-off')),
  }),
)

/** What an OP alone is asked. */
const opAlone = (op: keyof typeof OPS): ReadinessDocument => {
  const { homeserver: _, ...document } = documentOf(OPS[op], { abilities: [] })
  return document
}

const lost: ReadinessDocument = {
  ...works,
  comparison: compareReadiness(
    { ...works, abilities: works.abilities.map((one) => (one.deed === 'sign up' ? { ...one, can: 'yes' } : one)) },
    { ...works, abilities: works.abilities.map((one) => (one.deed === 'sign up' ? { ...one, can: 'no' } : one)) },
  ),
}

const on = { ...conflictingConfiguration, delegation: 'on' } as const

describe('the verdict of readiness', () => {
  it.each([
    ['Synapse and MAS', works, 'clear', 'good', 'People can log in with every kind of client'],
    ['Synapse that cannot ask MAS', masDown, 'errors', 'bad', 'Nobody can log in'],
    [
      'an http issuer, and no passwords',
      httpMas,
      'errors',
      'bad',
      'People cannot log in with Element X, apps and bots with a password',
    ],
    [
      'a configuration with conflicts',
      offlineDocument(conflictingConfiguration),
      'errors',
      'bad',
      'This Synapse would not start under MAS: 2 settings to change before',
    ],
    [
      'a configuration without',
      offlineDocument({ ...conflictingConfiguration, conflicts: [] }),
      'clear',
      'good',
      'This Synapse starts under MAS, as far as its configuration tells',
    ],
    [
      'a configuration whose files are not all here',
      offlineDocument({ ...conflictingConfiguration, conflicts: [], unreadable: ['/run/mas (a.b): no such file'] }),
      'warnings',
      'attention',
      'Whether this Synapse starts under MAS is not known: 1 file could not be read',
    ],
    [
      'a homeserver that works, with such a configuration',
      { ...works, configuration: { ...conflictingConfiguration, conflicts: [], unreadable: ['/run/mas (a.b): none'] } },
      'clear',
      'good',
      'People can log in with every kind of client',
    ],
    [
      'a homeserver that works, with conflicts where MAS has the logins',
      { ...works, configuration: on },
      'errors',
      'bad',
      'This Synapse does not start under MAS: 2 settings',
    ],
    [
      'a homeserver that works, with conflicts before MAS gets the logins',
      { ...works, configuration: conflictingConfiguration },
      'warnings',
      'attention',
      'People can log in with every kind of client',
    ],
    ['a walk that failed', { ...works, walk: failedWalk }, 'errors', 'bad', 'A client’s way fails at: token'],
    [
      'something that can no longer be done',
      lost,
      'worse',
      'attention',
      'People can log in with every kind of client, but less can be done than before',
    ],
  ] as const)('of %s', (_, document, exit, tone, headline) => {
    const verdict = readinessVerdict(document)
    expect([readinessExit(document), verdict.tone, verdict.headline]).toEqual([exit, tone, headline])
  })

  it('finds nothing wrong with a homeserver that has no OAuth', () => {
    const document = documentOf(PRODUCTS['Synapse without an OP'])
    const { headline, tone } = readinessVerdict(document)
    expect([readinessExit(document), tone]).toEqual(['clear', 'good'])
    expect(headline).toBe('People can log in as before, by password; this homeserver has no OAuth')
  })

  it('warns of one whose SSO alone Element X cannot use', () => {
    const document = documentOf(PRODUCTS['Synapse with SSO alone'])
    expect([readinessExit(document), readinessVerdict(document).headline]).toEqual([
      'warnings',
      'People cannot log in with Element X, apps and bots with a password',
    ])
  })

  it('says that a homeserver without OAuth does not use the OP that was named', () => {
    const document = documentOf(PRODUCTS['Synapse, and Keycloak named'])
    expect(readinessVerdict(document).headline).toMatch(
      /^People can log in as before, by password; this homeserver has no OAuth and does not use the OP https:\/\/[^ ;]+, where \d+ probes? fails? with an error$/u,
    )
  })

  it('has warnings that nobody accepted, which are no errors', () => {
    const document = documentOf(PRODUCTS['continuwuity'])
    expect(readinessExit(document)).toBe('warnings')
    expect(readinessVerdict(document).headline).toMatch(/; \d+ warnings? to read$/u)
    expect(readinessExit(accepting(document))).toBe('clear')
  })

  it('says which client people can use by password alone, and why, where the homeserver has an OP', () => {
    const document = documentOf(
      productWith('Synapse and MAS', { metadataStable: httpIssuer, metadataUnstable: httpIssuer }),
    )
    expect(readinessVerdict(document).headline).toMatch(
      /^People can log in, but Element X only by password: issuer is http:\/\//u,
    )
  })

  it('does not let an error be accepted', () => {
    const probes = masDown.probes.map((one) => ({ ...one, accepted: 'all-warnings' }))
    expect(readinessExit({ ...masDown, probes })).toBe('errors')
  })

  it('says first why nobody can log in, once, and then the numbers', () => {
    const [why, ...others] = readinessVerdict(masDown).sentences
    const numbers = others.at(-1)
    expect(why).toContain('The homeserver does not tell whose an access token is')
    expect(numbers).toMatch(/^\d+ probes: \d+ passed, \d+ failed \(.*1 error.*\), \d+ not asked\.$/u)
  })

  it('says of an OP alone what would be', () => {
    expect(readinessVerdict(opAlone('Okta')).headline).toMatch(
      /would not work with this OP|lacks what Matrix clients need/u,
    )
    expect(readinessVerdict(opAlone('MAS')).headline).toBe(
      'This OP has what Matrix clients need, as far as it was asked',
    )
  })

  it('says with how many of the kinds of clients people log in', () => {
    expect(readinessVerdict(httpMas).sentences).toContain('Logging in: OIDC-native some, OIDC-aware yes, legacy some.')
  })

  it('tells a comparison in numbers', () => {
    const document = { ...masDown, comparison: compareReadiness(works, masDown) }
    expect(readinessVerdict(document).sentences.at(-2)).toMatch(
      /^Since 2026-11-23 03:12:04 UTC: 1 probe broken, 0 mended, \d+ otherwise changed; \d+ deeds lost, 0 gained\.$/u,
    )
  })
})
