import { describe, expect, test } from 'vitest'
import { finding } from '../../../src/findings/catalogue.ts'
import type { Finding } from '../../../src/findings/finding.ts'
import { renderCsv } from '../../../src/report/csv/render-csv.ts'
import { renderHtml } from '../../../src/report/html/render-html.ts'
import { renderMarkdown } from '../../../src/report/markdown/render-markdown.ts'
import { renderText } from '../../../src/report/text/render-text.ts'
import { planDocument, verifyDocumentOfMerge } from '../../support/documents.ts'

const error = finding('MAS_SERVER_NAME', { message: 'MAS serves a.example.', remedy: ['Set the right one.'] })
const open = finding('GUESTS', {
  message: '3 guests are written without sessions',
  count: 3,
  samples: ['@guest-one:a.example'],
  remedy: ['Tell them to register.'],
})
const accepted: Finding = {
  ...finding('SHADOW_BANS_END', { message: '2 shadow bans end', count: 2, remedy: ['Lock them.'] }),
  accepted: 'SHADOW_BANS_END',
}
const notice = finding('PHONES', { message: '7 phones are kept aside', count: 7, remedy: ['Nothing to do.'] })
const toDo = finding('SYNAPSE_WORKERS', {
  message: 'homeserver.yaml knows 2 workers',
  remedy: ['Stop all of them for the migration.', 'systemctl stop matrix-synapse.target'],
})

const rendered = (detail: 'short' | 'all'): string =>
  renderText(
    { ...planDocument, findings: [notice, toDo, accepted, open, error] },
    { width: 100, colour: 'off', detail },
  )

describe('a result in short', () => {
  const text = rendered('short')

  test('says what to do about errors and about the warnings that nobody has acknowledged', () => {
    expect(text).toContain('MAS_SERVER_NAME\n  MAS serves a.example.\n      Set the right one.')
    expect(text).toContain('GUESTS\n  3 guests are written without sessions\n      Tell them to register.')
  })

  test('says of an acknowledged warning only that', () => {
    expect(text).toContain('SHADOW_BANS_END (acknowledged SHADOW_BANS_END)\n  2 shadow bans end\n')
    expect(text).not.toContain('Lock them.')
  })

  test('counts the notices on a line, and says how to see them', () => {
    expect(text).toContain('2 notices; --verbose shows them')
    expect(text).not.toContain('PHONES')
  })

  test('names of the notices those about which something has to be done, each with the first thing to do', () => {
    expect(text).toContain(
      '  SYNAPSE_WORKERS: homeserver.yaml knows 2 workers\n      Stop all of them for the migration.\n',
    )
    expect(text).not.toContain('systemctl stop')
  })

  test('asks for nothing where the catalogue says so, whatever words the remedy has', () => {
    const inUse = finding('MAS_IN_USE', {
      message: 'Somebody works',
      remedy: ['Go on: MAS may run.', 'To see them: x'],
    })
    const short = renderText({ ...planDocument, findings: [inUse] }, { width: 100, colour: 'off', detail: 'short' })
    expect(short).toContain('1 notice; --verbose shows it')
    expect(short).not.toContain('MAS_IN_USE')
  })

  test('names nobody', () => expect(text).not.toContain('@guest-one:a.example'))
})

describe('a result with everything', () => {
  const text = rendered('all')

  test('names whom a finding concerns, and says why it matters and what to do', () => {
    expect(text).toContain('@guest-one:a.example and 2 more')
    expect(text).toContain('MAS has no guests that log in.')
    expect(text).toContain('Lock them.')
    expect(text).toContain('7 phones are kept aside')
  })
})

describe('a report for people', () => {
  test.each(Object.entries({ renderHtml, renderMarkdown }))(
    'as %s makes it says why each finding matters',
    (_, render) => {
      expect(render({ ...planDocument, findings: [open] })).toContain('MAS has no guests that log in.')
    },
  )

  test.each(Object.entries({ renderMarkdown, renderCsv }))(
    'as %s makes it names the first of what a sync would delete',
    (_, render) => {
      const text = render(verifyDocumentOfMerge)
      expect(text).toContain('device PHONE')
      expect(text).toContain('and 2 more; the whole list: --report predictions=FILE')
    },
  )
})

describe('the providers of a plan', () => {
  test('say what becomes of each, and which of them homeserver.yaml does not have', () => {
    const use = { identities: 5, accounts: 4, several: 1 }
    const text = renderText(
      {
        ...planDocument,
        providers: [
          { ...use, authProvider: 'oidc-old', atHomeserver: true, decision: 'carry', becomes: 'oidc-new' },
          { ...use, authProvider: '', atHomeserver: false, decision: 'unknown' },
          { ...use, authProvider: 'saml', atHomeserver: false, decision: 'leave' },
        ],
      },
      { width: 140, colour: 'off', detail: 'short' },
    )
    expect(text).toMatch(/oidc-old +yes +5 +4 +oidc-new\n/)
    expect(text).toMatch(/\(an empty name\) +no +5 +4 +left: the target has none of this name\n/)
    expect(text).toMatch(/saml +no +5 +4 +left: the mapping says so\n/)
  })
})
