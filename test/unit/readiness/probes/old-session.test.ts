import { describe, expect, it } from 'vitest'
import type { Exchange } from '../../../../src/readiness/http/exchange.ts'
import { judgeAll } from '../../../../src/readiness/probes/all-probes.ts'
import { readinessPage } from '../../../../src/readiness/words/page.ts'
import { renderPageText } from '../../../../src/report/text/render-page.ts'
import { discovered } from '../../../support/readiness/discovery.ts'
import { documentOf } from '../../../support/readiness/documents.ts'
import { answered } from '../../../support/readiness/evidence.ts'
import { PRODUCTS, productWith } from '../../../support/readiness/whole-products.ts'

const refused = answered(401, discovered('synapse-whoami-401-bad-mas'))

const judged = (product: keyof typeof PRODUCTS, capabilities: Exchange) =>
  judgeAll(productWith(product, { capabilities })).find(({ code }) => code === 'CAPABILITIES')

describe('a session from before, asked with its token', () => {
  it.each(['Synapse and MAS', 'Synapse without an OP', 'Tuwunel'] as const)(
    'that %s does not know has ended',
    (name) => {
      const probe = judged(name, refused)
      expect(probe).toMatchObject({ result: 'fail', level: 'error' })
      expect(probe?.seen).toMatch(/^This session has ended: 401 M_UNKNOWN_TOKEN/u)
      expect(probe?.remedy.join(' ')).toMatch(/database/u)
    },
  )

  it('is looked for behind MAS in what was carried over', () => {
    const remedy = judged('Synapse and MAS', refused)?.remedy.join(' ') ?? ''
    expect(remedy).toContain('syn2op verify')
    expect(remedy).toContain('TOKENS_NOT_ACCEPTED')
    expect(judged('Synapse without an OP', refused)?.remedy.join(' ')).not.toContain('syn2op verify')
  })

  it('is not known where something before the homeserver takes the token away', () => {
    const probe = judged(
      'Synapse and MAS',
      answered(401, { errcode: 'M_MISSING_TOKEN', error: 'Missing access token' }),
    )
    expect(probe).toMatchObject({ result: 'fail', level: 'error' })
    expect(probe?.seen).toContain('without the access token')
    expect(probe?.remedy.join(' ')).toContain('Authorization')
  })

  it.each(['Synapse and MAS', 'Tuwunel'] as const)('that ended is no reason to give %s the token again', (name) => {
    const document = documentOf(productWith(name, { capabilities: refused }))
    const page = renderPageText(readinessPage(document, { detail: 'all' }), { width: 100, colour: 'off' })
    expect(page).toContain('This session has ended')
    expect(page).not.toContain('--token-file')
    expect(readinessPage(document, { detail: 'short' }).verdict.tone).toBe('bad')
  })

  it.each([
    ['M_USER_LOCKED', /locked/u],
    ['M_UNKNOWN_TOKEN', /goes on/u],
  ])('that is to log in again (%s, soft_logout) has not ended', (errcode, words) => {
    const probe = judged('Synapse without an OP', answered(401, { errcode, error: 'No', soft_logout: true }))
    expect(probe?.result).toBe('not asked')
    expect(probe?.seen).toMatch(words)
  })

  it('that goes on fails nothing', () => {
    expect(judgeAll(PRODUCTS['Synapse and MAS']).filter(({ seen }) => seen.includes('session has ended'))).toEqual([])
  })
})
