import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { afterEarlier } from '../../../src/migration/slow-road/after-earlier.ts'
import { openNotes } from '../../../src/migration/slow-road/notes.ts'
import { person, withScim } from '../../support/auth0/scim-people.ts'

it('takes its tokens for SCIM away at the end of a run, and what is written down of them', async () => {
  const runs = await mkdtemp(join(tmpdir(), 'syn2op-scim-token-notes-'))
  onTestFinished(() => rm(runs, { recursive: true, force: true }))
  const tenant = await withScim()
  const location = tenant.config.url
  const { signal } = new AbortController()
  for (const localpart of ['anna', 'bea']) {
    const { target, migrate } = await tenant.open()
    let inUse: number | undefined
    await afterEarlier({ target, location, runs, signal, progress: { note: () => {} } }, async () => {
      await migrate({ accounts: [person(localpart)] }, { runId: `of-${localpart}` })
      inUse = tenant.corp.scim?.tokens.size
    })
    await target.close()
    expect(inUse).toBe(1)
  }
  expect(tenant.corp.scim?.tokens.size).toBe(0)
  const notes = openNotes(runs, { target: 'auth0', location })
  onTestFinished(() => notes.close())
  expect([...(await notes.all()).keys()].filter((key) => key.startsWith('scim token'))).toEqual([])
})
