import { describe, expect, it } from 'vitest'
import {
  addressHere,
  thisMachine,
  whyAnotherNetwork,
} from '../../../../src/rehearsal/services/containers/this-machine.ts'

const linux = { platform: 'linux', addresses: ['127.0.0.1', '::1', '192.0.2.7', '172.17.0.1'] }
const debian = (host: string) => ({ host, operatingSystem: 'Debian GNU/Linux 12 (bookworm)' })

describe('a container engine', () => {
  it.each([
    ['by its socket', 'localhost', '127.0.0.1'],
    ['by its socket, from a container that has this machine’s network', '172.17.0.1', '172.17.0.1'],
    ['on another machine', 'build.example.org', undefined],
    ['beside a job that is a container itself', '172.18.0.1', undefined],
  ])('that is reached %s publishes ports where only we reach them, if it can', (_, host, address) => {
    expect(addressHere({ host }, linux)).toBe(address)
  })

  it.each([
    [debian('localhost'), linux, undefined],
    [debian('build.example.org'), linux, 'the container engine is elsewhere, at build.example.org'],
    [{ host: 'localhost', operatingSystem: 'Docker Desktop' }, linux, 'runs in a virtual machine'],
    [debian('localhost'), { ...linux, platform: 'darwin' }, 'runs in a virtual machine'],
  ])('has this machine’s network, or says why not: %j', (engine, machine, why) => {
    const said = whyAnotherNetwork(engine, machine)
    if (why === undefined) expect(said).toBeUndefined()
    else expect(said).toContain(why)
  })

  it('is compared with the addresses that this machine has, those among them that no list tells', async () => {
    expect((await thisMachine('localhost')).addresses).toContain('127.0.0.1')
    // Of the whole loopback network only one address is listed, and on each can be listened.
    expect((await thisMachine('127.9.8.7')).addresses).toContain('127.9.8.7')
    expect((await thisMachine('192.0.2.55')).addresses).not.toContain('192.0.2.55')
    expect((await thisMachine('build.example.org')).addresses).not.toContain('build.example.org')
  })
})
