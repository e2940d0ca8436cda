import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { imagesOf } from '../../../../../src/rehearsal/services/containers/images.ts'
import { firstThatWorks } from '../../../../../src/rehearsal/services/first-that-works.ts'
import { keycloakWays } from '../../../../../src/rehearsal/services/keycloak/keycloak-ways.ts'
import { removeRealm } from '../../../../../src/rehearsal/services/keycloak/remove-realm.ts'
import { throwAwayContext } from '../../../../support/rehearsal/throw-away-context.ts'

const NOBODY_LISTENS = 'http://127.0.0.1:1'

/** Answers everything with a status and a body, as a Keycloak whose administrator is signing in would see it. */
const answering = async (status: number, body: unknown): Promise<string> => {
  const server = createServer((request, response) => {
    request.resume()
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const administrator = { adminUser: 'admin', adminPassword: 'hunter2' }

const using = async (url: string) => {
  const ways = keycloakWays({
    given: { url, ...administrator },
    images: imagesOf({ given: [], pull: 'never' }),
    postgres: { createDatabase: () => Promise.reject(new Error('none is needed')) },
  })
  return firstThatWorks('Keycloak', ways, { context: await throwAwayContext() })
}

const REFUSING = { error: 'invalid_grant', error_description: 'Invalid user credentials' }

describe('a Keycloak that is given', () => {
  it('is unreachable (5) where nobody answers: trying again may help', async () => {
    await expect(using(NOBODY_LISTENS)).rejects.toMatchObject({
      code: 'server.unreachable',
      exitCode: 5,
      message: expect.stringContaining(`${NOBODY_LISTENS} does not answer`),
    })
  })

  it('is unreachable (5) where what stands before it says that it is away', async () => {
    await expect(using(await answering(503, {}))).rejects.toMatchObject({ code: 'server.unreachable', exitCode: 5 })
  })

  it('does not allow it (4) where its administrator cannot sign in', async () => {
    const url = await answering(401, REFUSING)
    await expect(using(url)).rejects.toMatchObject({
      code: 'target.not-allowed',
      exitCode: 4,
      message: `Keycloak: the administrator admin cannot sign in at ${url}: Invalid user credentials`,
      next: expect.arrayContaining([expect.stringContaining('SYN2OP_REHEARSAL_KEYCLOAK_PASSWORD')]),
    })
  })

  it('is used where its administrator can', async () => {
    const url = await answering(200, { access_token: 'a', systemInfo: { version: '26.7.3' } })
    expect(await using(url)).toMatchObject({ backend: 'given', what: `Keycloak 26.7.3 at ${url}` })
  })

  it('is unreachable, and not forbidding, where it is lost before its realm is deleted', async () => {
    const address = { url: NOBODY_LISTENS, ...administrator }
    const realm = { url: NOBODY_LISTENS, name: 'syn2op-rehearsal-20261123-120501-1k7vq0c8m2xha' }
    await expect(removeRealm(address, realm)).rejects.toMatchObject({ code: 'server.unreachable' })
  })
})
