import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { removeOrphanRealms } from '../../../../../src/rehearsal/services/keycloak/remove-orphan-realms.ts'

const ID = '20261123-120501-1k7vq0c8m2xha'
const REALM = `syn2op-rehearsal-${ID}`

/** A Keycloak with a realm whose time has passed, which it never gets ready with deleting. */
const slowKeycloak = async () => {
  const asked = Promise.withResolvers<void>()
  const server = createServer((request, response) => {
    request.resume()
    const answer = (body: unknown): void =>
      void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (request.method === 'DELETE') asked.resolve()
    else if (request.method === 'POST') answer({ access_token: 'a' })
    else if (request.url?.endsWith(REALM)) {
      answer({ attributes: { syn2op_rehearsal: ID, syn2op_deadline: new Date(0).toISOString() } })
    } else answer([{ realm: REALM }])
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: asked.promise }
}

it('a sweep that waits for a realm to be deleted ends when it is stopped', async () => {
  const { url, asked } = await slowKeycloak()
  const stop = new AbortController()
  const notes: string[] = []
  const swept = removeOrphanRealms(
    { url, adminUser: 'admin', adminPassword: 'hunter2' },
    { leased: new Set(), note: (message) => notes.push(message), signal: stop.signal, spare: () => {} },
  )
  await asked
  stop.abort(new Error('Ctrl-C'))
  await expect(swept).rejects.toThrow('Ctrl-C')
  expect(notes).toEqual([])
})
