import { expect, test } from 'vitest'
import type { LinkDocument } from '../../../src/report/link-document.ts'
import { linkSchema } from '../../../src/report/schema/link.ts'
import { renderLink } from '../../../src/report/text/link.ts'

const PLAN: LinkDocument = {
  kind: 'link',
  format: 1,
  syn2op: '0.1.0',
  serverName: 'example.org',
  asOf: '2026-11-22T03:00:00.000Z',
  action: 'look',
  to: { product: 'Synapse', location: 'links@db:5432/synapse', table: 'user_external_ids' },
  provider: { id: 'oidc-sso', name: 'oidc-sso' },
  accounts: 1240,
  links: { write: 1204, there: 30, conflicts: 6 },
  findings: [],
  next: [
    { text: 'Stop Synapse and all its workers, then write them:', commands: ['syn2op link --to synapse --apply'] },
  ],
}

const text = (document: LinkDocument): string => renderLink(document, { width: 80, colour: 'off' })

test('what would be written is told with its numbers, and what to type', () => {
  expect(linkSchema.safeParse(PLAN).success).toBe(true)
  expect(text(PLAN)).toBe(`syn2op link
Server    example.org
Links in  Synapse, user_external_ids at links@db:5432/synapse
Provider  oidc-sso
As of     2026-11-22 03:00:00 UTC

Links
  1,204  to be written
     30  there already
      6  left: linked otherwise, or the account is somebody else’s

1,204 links would be written to Synapse.

Next
  Stop Synapse and all its workers, then write them:
      syn2op link --to synapse --apply
`)
})

test('what was taken back is told with what stays', () => {
  const undone: LinkDocument = {
    ...PLAN,
    action: 'undo',
    runId: '20261122-031500-9f3a',
    takesBack: '20261122-030000-1c2d',
    links: { removed: 1200, used: 3, changed: 1 },
    next: [],
    milliseconds: 2100,
  }
  expect(text(undone)).toContain(`
  1,200  taken back
      3  stay: somebody has logged in by them since
      1  stay: another link stands in their place

1,200 links taken back.
  It took 2.1 s.
`)
})

test('where nobody can be linked the last line says so', () => {
  const { links: _, provider: __, ...rest } = PLAN
  const error = { code: 'LINK_PROVIDER_MISSING', severity: 'error', message: 'None.', remedy: [] } as const
  expect(text({ ...rest, findings: [error], next: [] })).toMatch(/Nobody can be linked as things are\.\n$/u)
})
