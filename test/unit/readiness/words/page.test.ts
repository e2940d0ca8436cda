import { describe, expect, it } from 'vitest'
import { compareReadiness } from '../../../../src/readiness/compare.ts'
import { type PageDetail, readinessPage } from '../../../../src/readiness/words/page.ts'
import type { TestCase } from '../../../../src/report/junit/test-cases.ts'
import type { ReadinessDocument } from '../../../../src/report/readiness-document.ts'
import { renderPageText } from '../../../../src/report/text/render-page.ts'
import { golden } from '../../../support/golden.ts'
import { discovered, discoveredDocument } from '../../../support/readiness/discovery.ts'
import {
  accepting,
  conflictingConfiguration,
  documentOf,
  failedWalk,
  offlineDocument,
} from '../../../support/readiness/documents.ts'
import { answered } from '../../../support/readiness/evidence.ts'
import { PRODUCTS, productWith } from '../../../support/readiness/whole-products.ts'

const works = documentOf(PRODUCTS['Synapse and MAS'])
const httpIssuer = answered(200, { ...discoveredDocument('synapse-mas-auth-metadata'), issuer: 'http://[::]:8080/' })
const broken = documentOf(
  productWith('Synapse and MAS', {
    metadataStable: httpIssuer,
    metadataUnstable: httpIssuer,
    login: answered(200, discovered('mas-login-flows-passwords-off')),
    registration: undefined,
    registrationNative: undefined,
  }),
)

const everything: ReadinessDocument = {
  ...broken,
  configuration: conflictingConfiguration,
  walk: failedWalk,
  comparison: compareReadiness(works, broken),
  left: ['One client at https://auth.example.org/: the next look gets the same one.'],
}

const text = (document: ReadinessDocument, detail: PageDetail): string =>
  renderPageText(readinessPage(document, { detail }), { width: 120, colour: 'off' })

const titles = (document: ReadinessDocument, detail: PageDetail = 'short'): readonly string[] =>
  readinessPage(document, { detail }).sections.map(({ title }) => title)

const cases = (document: ReadinessDocument): readonly TestCase[] => readinessPage(document, { detail: 'short' }).cases

const failing = (document: ReadinessDocument): readonly string[] =>
  cases(document).flatMap(({ suite, name, failure }) => (failure === undefined ? [] : [`${suite}: ${name}`]))

describe('the page of readiness', () => {
  it.each([
    ['readiness-plain.txt', documentOf(PRODUCTS['Synapse without an OP']), 'short'],
    ['readiness-mas.txt', works, 'short'],
    ['readiness-everything.txt', everything, 'short'],
    ['readiness-everything-all.txt', everything, 'all'],
    ['readiness-offline.txt', offlineDocument(conflictingConfiguration), 'short'],
  ] as const)('is as it was looked at: %s', (file, document, detail) => {
    const page = text(document, detail)
    expect(page).toBe(golden(file, page))
  })

  it('has only the parts that say something', () => {
    expect(titles(offlineDocument(conflictingConfiguration))).toEqual([
      'What keeps this Synapse from starting under MAS',
    ])
    expect(titles(works)).not.toContain('Left behind')
  })

  it('fits one look: a plain homeserver in 35 lines of 100 characters, no client wrapped', () => {
    const page = renderPageText(readinessPage(documentOf(PRODUCTS['Synapse without an OP']), { detail: 'short' }), {
      width: 100,
      colour: 'off',
    })
    expect(page.trimEnd().split('\n').length).toBeLessThanOrEqual(35)
    expect(page.match(/has no OAuth\. \[METADATA_STABLE\]/gu)).toHaveLength(1)
    for (const name of ['Element Web, Desktop', 'Element Classic, …', 'legacy SSO (Cinny)']) {
      expect(page).toMatch(new RegExp(`  ${name.replace(/[()]/gu, '\\$&')} +yes, password  `, 'u'))
    }
  })

  it('folds the same fault of many fields, and leaves out what nobody refuses', () => {
    const metadata = discoveredDocument('synapse-mas-auth-metadata')
    const http = Object.entries(metadata).map(([name, value]) => [
      name,
      typeof value === 'string' ? value.replace('https://', 'http://') : value,
    ])
    const document = answered(200, Object.fromEntries(http))
    const evidence = productWith('Synapse and MAS', { metadataStable: document, metadataUnstable: document })
    const { sections } = readinessPage(documentOf(evidence), { detail: 'short' })
    const rowsOf = (title: string): readonly (readonly unknown[])[] =>
      sections.find((one) => one.title === title)?.table?.rows ?? []
    const fields = rowsOf('Field by field').filter(([code]) => code === 'METADATA_HTTPS')
    expect(fields).toHaveLength(1)
    expect(fields[0]?.join(' ')).toMatch(/: issuer, authorization_endpoint, token_endpoint, /u)
    expect(fields[0]?.join(' ')).not.toContain('jwks_uri')
    const met = rowsOf('What people meet').filter(([client]) => client === 'Element X')
    expect(met).toHaveLength(1)
    expect(met[0]?.join(' ')).toMatch(/\d addresses of the metadata are http:\/\/ .*\(issuer, .* and \d more\)/u)
  })

  it('says in a line for each option what it would have asked, and nothing of what no option asks', () => {
    const evidence = productWith('Synapse and MAS', { capabilities: undefined })
    const more = readinessPage(documentOf(evidence), { detail: 'short' }).sections.find(({ title }) => title === 'More')
    expect(more?.sentences).toContain('--token-file FILE: CAPABILITIES')
    expect(more?.sentences?.[0]).toMatch(/^\d+ more to know and \d+ not asked; --verbose lists them\.$/u)
    const plain = readinessPage(documentOf(PRODUCTS['Synapse without an OP']), { detail: 'short' })
    expect(plain.sections.flatMap(({ sentences = [] }) => sentences).join('\n')).not.toContain('--op')
  })

  it('tells what is other than before above what is wrong, within the page, and only what broke or was mended', () => {
    const plain = documentOf(PRODUCTS['Synapse without an OP'])
    for (const document of [everything, { ...works, comparison: compareReadiness(plain, works) }]) {
      const page = renderPageText(readinessPage(document, { detail: 'short' }), { width: 100, colour: 'off' })
      const since = page.indexOf('Since 2026')
      expect(since).toBeGreaterThan(page.indexOf('Who can do what'))
      expect(since).toBeLessThan(page.includes('What is wrong') ? page.indexOf('What is wrong') : page.indexOf('More'))
      expect(page).not.toMatch(/There is no OP/u)
      const longest = page.split('\n').filter((line) => line.length > 100)
      expect(longest).toEqual([])
    }
    const since = readinessPage(
      { ...works, comparison: compareReadiness(plain, works) },
      { detail: 'short' },
    ).sections.find(({ title }) => title.startsWith('Since'))
    expect(since?.table?.rows[0]).toEqual(['gained', expect.stringContaining('sign up')])
    expect(JSON.stringify(since?.table?.rows)).toContain('METADATA_STABLE')
  })

  it('fits a terminal of 60 columns, deeds in words', () => {
    const page = renderPageText(readinessPage(works, { detail: 'short', width: 60 }), { width: 60, colour: 'off' })
    expect(page.replaceAll(/\s+/gu, ' ')).toContain('no: account, devices')
    expect(page.split('\n').filter((line) => line.length > 60)).toEqual([])
  })

  it('says once what homeserver.yaml has to be changed to, and then to look again', () => {
    const page = text(offlineDocument(conflictingConfiguration), 'short')
    expect(page.match(/Remove this line/gu)).toHaveLength(1)
    expect(page).toContain('Make these 2 changes')
  })

  it('leaves a line that is typed behind the words that announce it', () => {
    const remedy = [
      'Serve it there:',
      '{"m.homeserver":{}}',
      'Or let Synapse do it:',
      'serve_server_wellknown: true',
      'Then ask again.',
    ]
    const probes = works.probes.map((one) =>
      one.code === 'WELL_KNOWN' ? { ...one, result: 'fail' as const, remedy } : one,
    )
    const { next } = readinessPage({ ...works, probes }, { detail: 'short' })
    expect(next).toEqual([
      { text: 'WELL_KNOWN: Serve it there:', commands: ['{"m.homeserver":{}}'] },
      { text: 'Or let Synapse do it:', commands: ['serve_server_wellknown: true'] },
      { text: 'Then ask again.', commands: [] },
    ])
  })

  it('lists in all detail what was not asked, each field, and the kinds of clients', () => {
    expect(titles(everything, 'all')).toEqual(
      expect.arrayContaining(['With which client', 'Good to know', 'Not asked', 'Field by field']),
    )
    expect(titles(everything)).not.toContain('Not asked')
  })

  it('shows every probe in all detail alone', () => {
    expect(titles(works)).not.toContain('Every probe')
    expect(titles(works, 'all')).toContain('Every probe')
  })

  it('shows worst first what is wrong', () => {
    const wrong = readinessPage(broken, { detail: 'short' }).sections.find(({ title }) => title === 'What is wrong')
    const levels = (wrong?.table?.rows ?? []).map(([, level]) => level)
    const errors = levels.filter((level) => level === 'error')
    expect(levels).toEqual([...errors, ...levels.filter((level) => level !== 'error')])
    expect(levels[0]).toBe('error')
  })

  it('shows requests of a step that failed whole, and of one that went well their first lines', () => {
    const page = text({ ...works, walk: failedWalk }, 'short')
    expect(page).toContain('{"error":"invalid_grant"}')
    expect(page).not.toContain('accept: application/json')
    expect(text({ ...works, walk: failedWalk }, 'all')).toContain('accept: application/json')
  })

  it('says what to do about everything that is wrong and not accepted, and about nothing else', () => {
    const { next } = readinessPage(everything, { detail: 'short' })
    expect(next[0]?.text).toMatch(/^METADATA_/u)
    expect(next.map((step) => step.text)).toContain('Step token: See in the log of the OP why.')
    expect(next.map((step) => step.text)).toContain(
      'Before MAS gets the logins: Make these 2 changes in /etc/synapse/homeserver.yaml, then run this again.',
    )
    expect(readinessPage(accepting(works), { detail: 'short' }).next).toEqual([])
  })

  it('has a test for every probe, conflict, step and lost deed; what nobody accepted fails', () => {
    const expected = [
      ...everything.probes.map(({ code }) => code),
      'password_config.enabled',
      'enable_registration',
      'metadata',
      'token',
      'whoami',
    ]
    expect(cases(everything).map(({ name }) => name)).toEqual(expect.arrayContaining(expected))
    expect(failing(everything)).toEqual(
      expect.arrayContaining([
        'Result: Verdict',
        expect.stringContaining('METADATA_HTTPS'),
        'Configuration: enable_registration',
        'Walk: token',
        'What people can no longer do: Element X: log in',
      ]),
    )
    expect(failing(accepting(works))).toEqual([])
    expect(cases(everything).find(({ name }) => name === 'REGISTRATION')?.skipped).toContain('nobody asked for it')
    expect(cases(everything).find(({ name }) => name === 'whoami')?.skipped).toBe('There is no access token.')
  })

  it('tells a remedy of two probes once', () => {
    const { next } = readinessPage(documentOf(PRODUCTS['Synapse with SSO alone']), { detail: 'short' })
    expect(next.map(({ text: words }) => words.split(':')[0])).toEqual(['METADATA_STABLE, METADATA_UNSTABLE'])
  })

  it('says apart what to do and what to type', () => {
    const unsent = answered(404, discovered('synapse-404-unrecognized'))
    const { next } = readinessPage(documentOf(productWith('Synapse and MAS', { login: unsent })), { detail: 'short' })
    const [step] = next.filter(({ text: words }) => words.startsWith('LOGIN_FLOWS'))
    expect(step?.text).toContain('Have the proxy send the logins to MAS')
    expect(step?.commands.join('')).toMatch(/^location .*proxy_pass/u)
  })

  it('shows nothing that is secret in what servers answered', () => {
    const secret = { client_secret: 'sEcReT-1', registration_access_token: 'sEcReT-2', access_token: 'sEcReT-3' }
    const told = { ...discoveredDocument('mas-registration-201'), ...secret }
    const document = documentOf(
      productWith('Synapse and MAS', {
        registration: answered(201, told),
        registrationNative: answered(400, told),
        tokenJunk: answered(200, told),
        whoami: answered(200, told),
        deviceAuthorization: answered(200, { ...told, device_code: 'sEcReT-4' }),
      }),
    )
    expect(text(document, 'all')).not.toContain('sEcReT')
    expect(JSON.stringify(readinessPage(document, { detail: 'all' }))).not.toContain('sEcReT')
  })

  it('is made of the document alone', () => {
    expect(text(everything, 'all')).toBe(text(structuredClone(everything), 'all'))
  })

  it('names clients and levels of another version of syn2op by what stands there', () => {
    const abilities = [
      { client: 'element-y', kind: 'OIDC-native', deed: 'log in', can: 'no', because: [{ words: 'why not' }] },
    ] as const
    expect(text({ ...works, abilities }, 'short')).toContain('element-y')
  })
})
