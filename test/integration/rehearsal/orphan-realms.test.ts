import { describe, expect, it, onTestFinished } from 'vitest'
import { keycloakEnd } from '../../../src/rehearsal/ends/keycloak/keycloak-end.ts'
import { realmRepresentation } from '../../../src/rehearsal/ends/keycloak/realm.ts'
import { labelsOf } from '../../../src/rehearsal/leases/labels.ts'
import { DEADLINE_MS } from '../../../src/rehearsal/leases/lease-life.ts'
import type { Also } from '../../../src/rehearsal/leases/orphan.ts'
import { describePlace } from '../../../src/rehearsal/leases/place.ts'
import { newLeaseId } from '../../../src/rehearsal/leases/take-lease.ts'
import { askAsAdministrator } from '../../../src/rehearsal/services/keycloak/administrator.ts'
import { keepRealm } from '../../../src/rehearsal/services/keycloak/keep-realm.ts'
import type { KeycloakService } from '../../../src/rehearsal/services/keycloak/keycloak-service.ts'
import { realmNameOf } from '../../../src/rehearsal/services/keycloak/rehearsal-realm.ts'
import { removeOrphanRealms } from '../../../src/rehearsal/services/keycloak/remove-orphan-realms.ts'
import type { HomeserverConfig } from '../../../src/synapse/homeserver.ts'
import { NOTHING_WISHED } from '../../support/keycloak/config.ts'
import { whyNoKeycloak } from '../../support/keycloak/distribution.ts'
import { sharedKeycloak } from '../../support/keycloak/shared-server.ts'
import { throwAwayContext } from '../../support/rehearsal/throw-away-context.ts'

const without = await whyNoKeycloak()

const LONG_AGO = Date.now() - 2 * DEADLINE_MS

describe.skipIf(without !== undefined)('a realm at a given Keycloak whose lease is gone', () => {
  const signal = new AbortController().signal
  const notes: string[] = []

  const realms = async (): Promise<readonly string[]> => {
    const { body } = await askAsAdministrator(await sharedKeycloak(), { method: 'GET', path: 'realms', signal })
    return (body as readonly { readonly realm: string }[]).map(({ realm }) => realm)
  }

  const post = async (representation: Readonly<Record<string, unknown>>): Promise<void> => {
    const server = await sharedKeycloak()
    const { status } = await askAsAdministrator(server, {
      method: 'POST',
      path: 'realms',
      body: representation,
      signal,
    })
    expect(status).toBe(201)
    onTestFinished(async () => {
      await askAsAdministrator(server, { method: 'DELETE', path: `realms/${String(representation['realm'])}`, signal })
    })
  }

  /** A realm of a rehearsal that was begun then, on a host. @returns the rehearsal's id */
  const realmOf = async (place: string, made: number): Promise<string> => {
    const id = newLeaseId(new Date(made))
    const labels = labelsOf({ id, folder: '/nowhere', place, made })
    await post({
      ...realmRepresentation({ lease: { id, labels }, secret: 's', wish: NOTHING_WISHED, identityProviders: [] }),
    })
    return id
  }

  const swept = async (also?: Also): Promise<readonly string[]> => {
    const orphans = {
      leased: new Set<string>(),
      note: (message: string) => void notes.push(message),
      signal,
      spare: () => {},
    }
    const removed = await removeOrphanRealms(await sharedKeycloak(), { ...orphans, ...(also && { also }) })
    return removed.map(({ id }) => id)
  }

  it('goes by what it says of its rehearsal: after its time, or when it was kept and is asked to', async () => {
    const server = await sharedKeycloak()
    const past = await realmOf('a-job-that-is-gone', LONG_AGO)
    const young = await realmOf('a-job-that-is-gone', Date.now())
    const kept = await realmOf(describePlace(), LONG_AGO)
    await keepRealm(server, realmNameOf(kept), signal)
    // By its name alone it is nobody's.
    const unmarked = realmNameOf(newLeaseId(new Date(LONG_AGO)))
    await post({ realm: unmarked })

    expect(await swept()).toEqual([past])
    expect(await realms()).not.toContain(realmNameOf(past))
    expect(await realms()).toEqual(expect.arrayContaining([...[young, kept].map(realmNameOf), unmarked]))
    expect(await swept({ id: kept })).toEqual([kept])
    expect(await realms()).toEqual(expect.arrayContaining([realmNameOf(young), unmarked]))
    expect(await realms()).not.toContain(realmNameOf(kept))
    expect(notes).toEqual([])
  })

  it('is told where its Keycloak does not let us look', async () => {
    const orphans = {
      leased: new Set<string>(),
      note: (message: string) => void notes.push(message),
      signal,
      spare: () => {},
    }
    const server = { ...(await sharedKeycloak()), adminPassword: 'not this one' }
    expect(await removeOrphanRealms(server, orphans)).toEqual([])
    expect(notes.splice(0)).toEqual([expect.stringContaining('Not looked for realms that rehearsals have left')])
  })

  it('bears whose it was from its beginning, and that it is to stay once it is kept', async () => {
    const server = await sharedKeycloak()
    const made = Date.now()
    const context = await throwAwayContext()
    const id = newLeaseId(new Date(made))
    const labels = labelsOf({ id, folder: context.lease.folder, place: 'a-job 1f3a pid:[4026531836] its-boot', made })
    const lease = { ...context.lease, id, labels }
    const service: KeycloakService = {
      ...server,
      backend: 'given',
      what: 'Keycloak',
      keep: async () => {},
      stop: async () => {},
    }
    const homeserver = { serverName: 'example.org', providers: [] } as unknown as HomeserverConfig
    const target = await keycloakEnd({ service, homeserver, context: { ...context, lease } })
    onTestFinished(() => target.stop())
    const attributes = async () => {
      const { body } = await askAsAdministrator(server, { method: 'GET', path: `realms/${realmNameOf(id)}`, signal })
      return (body as { readonly attributes: Readonly<Record<string, string>> }).attributes
    }
    const before = await attributes()
    expect(before).toMatchObject({
      syn2op_rehearsal: id,
      syn2op_host: 'a-job 1f3a pid:[4026531836] its-boot',
      syn2op_folder: context.lease.folder,
      syn2op_deadline: new Date(made + DEADLINE_MS).toISOString(),
    })
    await target.keep?.()
    expect(await attributes()).toEqual({ ...before, syn2op_kept: 'true' })
  })
})
