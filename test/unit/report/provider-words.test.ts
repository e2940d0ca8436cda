import { describe, expect, test } from 'vitest'
import { renderCsv } from '../../../src/report/csv/render-csv.ts'
import { renderHtml } from '../../../src/report/html/render-html.ts'
import { renderMarkdown } from '../../../src/report/markdown/render-markdown.ts'
import type { ProviderUse } from '../../../src/report/plan-parts.ts'
import { providerFate, providerName } from '../../../src/report/provider-words.ts'
import { renderText } from '../../../src/report/text/render-text.ts'
import { planDocument } from '../../support/documents.ts'

const use = { identities: 5, accounts: 4, several: 1, atHomeserver: true }
const carried: ProviderUse = { ...use, authProvider: 'oidc-old', decision: 'carry', becomes: 'oidc-new' }
const left: ProviderUse = { ...use, authProvider: 'saml', decision: 'leave' }
const nameless: ProviderUse = { ...use, authProvider: ' ', decision: 'unknown' }

describe('a provider of a plan', () => {
  test('is carried under its name at the target, its own where that is the same', () => {
    expect(providerFate(carried, 'MAS')).toBe('oidc-new')
    expect(providerFate({ authProvider: 'saml', decision: 'carry' }, 'MAS')).toBe('saml')
  })

  test('is left for a reason, and has a name to read also where rows have none', () => {
    expect(providerFate(left, 'MAS')).toBe('left: the mapping says so')
    expect(providerFate(nameless, 'MAS')).toBe('left: the target has none of this name')
    expect([carried, nameless].map(providerName)).toEqual(['oidc-old', '(an empty name)'])
  })

  test('is left for the usual reason at a target that is called as every object is', () => {
    for (const product of ['__proto__', 'constructor'])
      expect(providerFate(nameless, product)).toBe('left: the target has none of this name')
  })

  test('is told by the name that it has at the target, and at Auth0 as a connection that auth0.yaml names', () => {
    expect(providerFate({ ...carried, called: 'company' }, 'Auth0')).toBe('company')
    expect(providerFate(nameless, 'Auth0')).toBe('left: auth0.yaml names no connection for it')
  })

  const renderPlain = (document: typeof planDocument): string => renderText(document, { width: 160, colour: 'off' })

  test.each(Object.entries({ renderPlain, renderHtml, renderMarkdown, renderCsv }))(
    'is told in the same words by %s',
    (_name, render) => {
      const report = render({ ...planDocument, providers: [carried, left, nameless] })
      for (const words of ['oidc-new', 'left: the mapping says so', '(an empty name)', providerFate(nameless, 'MAS')])
        expect(report).toContain(words)
    },
  )
})
