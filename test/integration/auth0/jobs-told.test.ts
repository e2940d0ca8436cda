import { describe, expect, it } from 'vitest'
import { accountsOf, tenantToFill } from '../../support/auth0/migration.ts'
import { keptNotes } from '../../support/auth0/notes.ts'

describe('whoever watches a run', () => {
  it('is told which import jobs Auth0 is at, with how many people, until they have ended', async () => {
    const tenant = await tenantToFill()
    const opened = await tenant.open()
    const told: (string | undefined)[] = []
    const { signal } = new AbortController()
    await opened.target.awaitEarlier?.({
      notes: keptNotes(),
      note: () => {},
      atWork: (words) => told.push(words),
      signal,
    })
    const accounts = accountsOf(7)
    await opened.migrate({ accounts })
    expect(told[0]).toBe('1 import job at Auth0 with 7 people')
    expect(told.at(-1)).toBeUndefined()
  })
})
