import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RehearsalDocument } from '../../../src/report/documents.ts'
import { distribution } from '../../support/keycloak/distribution.ts'
import { testPostgres } from '../../support/postgres.ts'
import { makeRehearsalPlace, type RehearsalPlace } from '../../support/rehearsal/rehearse-program.ts'
import { type StoryServer, startStoryServer } from '../../support/synapse/real-synapse.ts'

const postgres = testPostgres()
let place: RehearsalPlace
/** They run on while they are rehearsed. */
const servers: StoryServer[] = []
const configs: Record<'PostgreSQL' | 'SQLite', string> = { PostgreSQL: '', SQLite: '' }

beforeAll(async () => {
  place = await makeRehearsalPlace()
  const database = await postgres.createDatabase('rehearsed_story', { encoding: 'UTF8' })
  const onPostgres = await startStoryServer(database)
  servers.push(onPostgres)
  configs.PostgreSQL = onPostgres.synapse.configFile
  const onSqlite = await startStoryServer({ sqlite: join(place.folder, 'homeserver.db') })
  servers.push(onSqlite)
  configs.SQLite = onSqlite.synapse.configFile
}, 240_000)
afterAll(async () => {
  for (const server of servers) await server.stop()
  await place.remove()
})

const tell = (document: RehearsalDocument, title: string): void => {
  const steps = document.steps.map(({ step, milliseconds, outcome }) => `${step} ${outcome} ${milliseconds} ms`)
  const unproved = document.unproved.map(({ what, why }) => `${what}: ${why}`)
  process.stdout.write(
    `\n${title}: ${document.verdict}\n  on ${document.services.join(', ')}\n  ${steps.join('; ')}\n  not proved: ${unproved.join('\n    ')}\n  night: ${JSON.stringify(document.night?.milliseconds)} ms\n`,
  )
}

describe.each(['PostgreSQL', 'SQLite'] as const)('a real Synapse on %s', (kind) => {
  it.each(['mas', 'auth0', 'keycloak'])('is rehearsed into %s, and passes', async (target) => {
    // One of its own, with the pepper of this homeserver.
    const keycloak = target === 'keycloak' ? [`--keycloak-home=${await distribution()}`] : []
    const document = await place.rehearse([
      `--synapse-config=${configs[kind]}`,
      `--target=${target}`,
      '--require=local',
      ...keycloak,
    ])
    tell(document, `real Synapse on ${kind} into ${target}`)
    expect(document.verdict).toBe('passed')
    expect(document.again).toEqual({ same: true, differences: [] })
    expect(await place.leftOver()).toEqual([])
  })
})
