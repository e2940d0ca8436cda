import { describe, expect, it } from 'vitest'
import { renderText } from '../../../src/report/text/render-text.ts'
import { planDocument } from '../../support/documents.ts'
import { rollbackPlanDocument } from '../../support/rollback-documents.ts'

const asked = { width: 80, colour: 'off', before: 'question' } as const

describe('a plan before the question whether to do it', () => {
  it.each([
    ['of a migration', planDocument],
    ['of a rollback', rollbackPlanDocument],
  ])('%s tells nobody to type what the answer does', (_, document) => {
    const text = renderText(document, asked)
    expect(renderText(document, { width: 80, colour: 'off' })).toContain('\nNext\n')
    expect(text).not.toContain('\nNext\n')
    expect(text).not.toContain('To do it')
  })

  it('says all the same what else may be meant', () => {
    const standing = [{ runId: '20261120-220000-aaaa', accounts: 7 }]
    const text = renderText({ ...rollbackPlanDocument, accounts: 0, standing }, asked)
    expect(text).toContain('syn2op rollback 20261120-220000-aaaa')
  })
})
