import { describe, expect, it } from 'vitest'
import { RULES } from '../../../../../src/rehearsal/standins/auth0/rules/index.ts'

const rules = Object.values(RULES).flat()

describe("the table of Auth0's rules", () => {
  it('names every rule once', () => {
    const ids = rules.map(({ id }) => id)
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
  })

  it('quotes at most 200 characters, and says where from', () => {
    const sources = rules.flatMap(({ id, sources: all }) => all.map((source) => ({ id, ...source })))
    expect(
      sources.filter(({ quote, page, title }) => quote === '' || quote.length > 200 || page === '' || title === ''),
    ).toEqual([])
  })

  it('names what is no documentation of Auth0 by its whole address', () => {
    const others = rules.flatMap(({ sources }) =>
      sources.filter(({ grade }) => ['support article', 'seen by others'].includes(grade)),
    )
    expect(others.filter(({ page }) => !page.startsWith('https://'))).toEqual([])
  })

  it('says of each rule what it is in one sentence', () => {
    expect(rules.filter(({ says }) => !/^[A-Z“`"].*\.$/u.test(says)).map(({ id, says }) => `${id}: ${says}`)).toEqual(
      [],
    )
  })
})
