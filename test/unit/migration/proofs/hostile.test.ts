import { chmod, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parseCanaries, parseTokens } from '../../../../src/migration/proofs/parse-secrets.ts'
import { readProtected } from '../../../../src/migration/proofs/protected-file.ts'
import { tryToken } from '../../../../src/migration/proofs/try-token.ts'

const failure = async (work: () => unknown): Promise<unknown> => {
  try {
    return await work()
  } catch (error) {
    return error
  }
}

const asked = async (listener: RequestListener, token = 'syt_secret'): Promise<unknown> => {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const { signal } = new AbortController()
  return failure(() => tryToken({ mxid: '@alice:example.org', token }, `http://127.0.0.1:${port}`, signal))
}

describe('a server that is no homeserver', () => {
  test.each([301, 302, 307, 308])('is told to redirect, with %i, and the token is not sent on', async (status) => {
    const seen: (string | undefined)[] = []
    const result = await asked((request, response) => {
      seen.push(request.url)
      response.writeHead(status, { location: '/elsewhere' }).end()
    })
    expect(result).toMatchObject({ code: 'server.unreachable', message: expect.stringContaining(`${status}`) })
    expect(seen).toHaveLength(1)
  })

  test('is not read without end', async () => {
    const result = await asked((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
        if (!response.destroyed) response.once('drain', more)
      }
      more()
    })
    expect(result).toMatchObject({ code: 'server.unreachable' })
  })

  test('that hangs up in the middle of its answer does not answer', async () => {
    const result = await asked((_, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('{', () => response.destroy())
    })
    expect(result).toMatchObject({ code: 'server.unreachable' })
  })
})

describe('a file of secrets', () => {
  const folder = async (): Promise<string> => {
    const path = await mkdtemp(join(tmpdir(), 'syn2op-hostile-'))
    onTestFinished(() => rm(path, { recursive: true }))
    return path
  }

  test('that is a folder is told to be none', async () => {
    expect(await failure(async () => readProtected(await folder(), '--tokens'))).toMatchObject({
      code: 'config.unreadable',
    })
  })

  test('that is huge is not read', async () => {
    const file = join(await folder(), 'tokens')
    await writeFile(file, '')
    await chmod(file, 0o600)
    await truncate(file, 3_000_000_000)
    expect(await failure(() => readProtected(file, '--tokens'))).toMatchObject({
      code: 'usage',
      message: expect.stringContaining('large'),
    })
  })

  test('may begin with a byte order mark', () => {
    expect(parseTokens('\u{FEFF}@alice:example.org - syt_1\r\n', 'tokens')).toEqual([
      { mxid: '@alice:example.org', token: 'syt_1' },
    ])
    expect(parseCanaries('\u{FEFF}@alice:example.org pass\r\n', 'canaries')).toEqual([
      { mxid: '@alice:example.org', password: 'pass' },
    ])
  })

  test.each(['syt_ü', 'syt_\u0001x', '"syt_\\n"'])('has no token that no header can carry: %j', async (token) => {
    const line = token.startsWith('"')
      ? `{"mxid":"@alice:example.org","token":${token}}`
      : `@alice:example.org - ${token}`
    expect(await failure(() => parseTokens(line, 'tokens'))).toMatchObject({ code: 'usage' })
  })
})
