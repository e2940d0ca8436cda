import { describe, expect, it } from 'vitest'
import { nextSteps } from '../../../src/report/next-steps.ts'
import { renderText } from '../../../src/report/text/render-text.ts'
import { verdictOf } from '../../../src/report/verdict.ts'
import { verifyDocumentOfProofs } from '../../support/documents.ts'
import { verifyDocumentOfPasswords, verifyDocumentOfUnseen } from '../../support/unseen-documents.ts'

const commands = (document: typeof verifyDocumentOfUnseen): readonly string[] =>
  nextSteps(document).flatMap((step) => step.commands)

describe('a proof of a target that shows nobody a password', () => {
  it('claims nothing of them, and says so in the verdict and in the table', () => {
    expect(verdictOf(verifyDocumentOfUnseen)).toMatchObject({
      tone: 'good',
      headline: 'Auth0 shows exactly what it should; passwords were sent, and are not proved',
      sentences: [expect.stringContaining('Of 1,857 rows in 1 table')],
    })
    const text = renderText(verifyDocumentOfUnseen, { width: 100, colour: 'off' })
    expect(text).toMatch(/^password +1,270 +not shown +0/mu)
    expect(text).toContain('1,270 passwords were sent, and are not proved: Auth0 shows nobody a password.')
  })

  it('leads to one by canaries first', () => {
    expect(commands(verifyDocumentOfUnseen)[0]).toBe('syn2op verify --canaries FILE')
  })

  it('claims all where no password was sent', () => {
    const tables = verifyDocumentOfUnseen.tables.map((table) =>
      table.unseen === true ? { ...table, wanted: 0, present: 0 } : table,
    )
    const document = { ...verifyDocumentOfUnseen, tables }
    expect(verdictOf(document).headline).toBe('Auth0 holds exactly what it should')
    expect(commands(document)).not.toContain('syn2op verify --canaries FILE')
  })
})

describe('passwords that were tried', () => {
  it('are called passwords, and nothing of a cut-over', () => {
    const text = renderText(verifyDocumentOfPasswords, { width: 100, colour: 'off' })
    expect(text).toContain('Passwords\n')
    expect(text).toContain('2 passwords tried: 2 work, 0 do not; each as foretold.')
    expect(text).toContain('Every password did what was foretold')
    expect(text).not.toMatch(/token|cut-over/u)
  })

  it('are removed afterwards, and status says what is next', () => {
    const [first] = nextSteps(verifyDocumentOfPasswords)
    expect(first?.text).toContain('Remove the file of passwords')
    expect(commands(verifyDocumentOfPasswords)).toEqual(['syn2op status'])
  })

  it('stay what comes after the cut-over together with tokens', () => {
    expect(renderText(verifyDocumentOfProofs, { width: 100, colour: 'off' })).toContain('After the cut-over\n')
    expect(
      nextSteps(verifyDocumentOfProofs)
        .map(({ text }) => text)
        .at(-1),
    ).toContain('Remove the file of tokens')
  })
})
