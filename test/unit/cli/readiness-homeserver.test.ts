import { describe, expect, it } from 'vitest'
import { homeserverOfFlags } from '../../../src/cli/readiness-homeserver.ts'

describe('whose homeserver is meant', () => {
  it.each([
    ['example.org', undefined, { serverName: 'example.org' }],
    ['example.org:8448', undefined, { serverName: 'example.org:8448' }],
    ['[2001:db8::1]:8448', undefined, { serverName: '[2001:db8::1]:8448' }],
    ['https://matrix.example.org', undefined, { baseUrl: 'https://matrix.example.org' }],
    [
      'https://matrix.example.org/',
      'example.org',
      { baseUrl: 'https://matrix.example.org', serverName: 'example.org' },
    ],
    ['http://localhost:8008/matrix/', undefined, { baseUrl: 'http://localhost:8008/matrix' }],
    ['example.org', 'example.org', { serverName: 'example.org' }],
    [undefined, 'example.org', { serverName: 'example.org' }],
    [undefined, undefined, {}],
  ])('is told by %s and the name %s', (given, name, found) => {
    expect(homeserverOfFlags(given, name)).toEqual(found)
  })

  it.each([
    ['@me:example.org', undefined],
    ['example.org/path', undefined],
    ['ftp://example.org', undefined],
    ['https://me:hunter2@example.org', undefined],
    ['https://example.org/?a=b', undefined],
    ['example.org', 'other.org'],
    ['https://example.org', 'not a name'],
  ])('is not told by %s and the name %s, and no password is repeated', (given, name) => {
    const told = (): unknown => homeserverOfFlags(given, name)
    expect(told).toThrow(expect.objectContaining({ code: 'usage', message: expect.not.stringContaining('hunter2') }))
  })

  it('is not named by a URL, which stands before the name', () => {
    const told = (): unknown => homeserverOfFlags(undefined, 'https://x.org')
    expect(told).toThrow(
      expect.objectContaining({
        code: 'usage',
        message: '--server-name is no server name, such as example.org',
        next: [
          'A server name is the part of Matrix ids behind the colon. A URL is given without --server-name: syn2op readiness https://…',
        ],
      }),
    )
  })
})
