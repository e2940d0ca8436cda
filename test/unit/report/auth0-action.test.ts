import { describe, expect, it } from 'vitest'
import type { Auth0ActionDocument } from '../../../src/report/auth0-action-document.ts'
import { renderAuth0Action } from '../../../src/report/text/auth0-action.ts'

const document: Auth0ActionDocument = {
  kind: 'auth0-action',
  format: 1,
  syn2op: '0.1.0',
  target: { url: 'https://tenant.eu.auth0.com' },
  name: 'syn2op-link-at-first-login',
  connections: ['corp', 'google-oauth2'],
  found: 'absent',
  done: [],
  needless: [],
}

const text = (more: Partial<Auth0ActionDocument> = {}): string =>
  renderAuth0Action({ ...document, ...more }, { width: 120, colour: 'off' })

describe('the report on the Action', () => {
  it('says what was done in one sentence', () => {
    expect(text({ done: ['Made the Action', 'Deployed it', 'Bound it to the login'] })).toMatch(
      /^State +Made the Action, deployed it, bound it to the login$/mu,
    )
  })

  it('names the connections whose people it links, and says nothing of them once it is taken away', () => {
    expect(text()).toMatch(/^Links people of +corp, google-oauth2$/mu)
    expect(text({ connections: [], done: ['Deleted it'] })).not.toContain('Links people of')
  })
})
