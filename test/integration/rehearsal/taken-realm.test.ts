import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { keycloakEnd } from '../../../src/rehearsal/ends/keycloak/keycloak-end.ts'
import type { KeycloakService } from '../../../src/rehearsal/services/keycloak/keycloak-service.ts'
import { throwAwayContext } from '../../support/rehearsal/throw-away-context.ts'

/** Answers as a Keycloak that has a realm of every name already, each with the mark of our lease. */
const keycloakThatHas = async (leaseId: string): Promise<{ readonly url: string; readonly asked: string[] }> => {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const what = `${request.method} ${request.url}`
    request.resume()
    if (!what.includes('/protocol/')) asked.push(what)
    const answer = what.includes('/protocol/')
      ? { status: 200, body: { access_token: 'of-the-administrator' } }
      : request.method === 'POST'
        ? { status: 409, body: { errorMessage: 'Conflict detected. See logs for details' } }
        : request.method === 'DELETE'
          ? { status: 204 }
          : { status: 200, body: { attributes: { syn2op_rehearsal: leaseId } } }
    response.writeHead(answer.status, { 'content-type': 'application/json' })
    response.end(answer.body === undefined ? undefined : JSON.stringify(answer.body))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

it('a realm whose name is taken at a Keycloak that was given stays: it is somebody else’s', async () => {
  const context = await throwAwayContext()
  const { url, asked } = await keycloakThatHas(context.lease.id)
  const service: KeycloakService = {
    url,
    adminUser: 'admin',
    adminPassword: 'secret',
    backend: 'given',
    what: 'Keycloak',
    keep: async () => {},
    stop: async () => {},
  }
  const homeserver = { serverName: 'example.org', providers: [] } as unknown as Parameters<
    typeof keycloakEnd
  >[0]['homeserver']
  await expect(keycloakEnd({ service, homeserver, context })).rejects.toMatchObject({ code: 'run.not-possible' })
  expect(asked).toEqual(['POST /admin/realms'])
  expect(context.belongings).toEqual([])
})
