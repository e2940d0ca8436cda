import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testPostgres } from '../../support/postgres.ts'
import { makeRehearsalPlace, type RehearsalPlace } from '../../support/rehearsal/rehearse-program.ts'

const { host, port, user } = testPostgres()
const FEW = ['--demo', '--accounts=20', '--damage=none', '--require=local']
let place: RehearsalPlace

beforeAll(async () => {
  place = await makeRehearsalPlace()
})
afterAll(() => place.remove())

const ended = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const { code, stderr } = await place.start(args, env).ended
  return { code, stderr }
}

describe('a rehearsal that cannot be', () => {
  it('ends with 5 where the given Keycloak does not answer, and leaves nothing beside reports that were asked for', async () => {
    const keycloak = ['--rehearsal-keycloak=http://127.0.0.1:1', '--rehearsal-keycloak-user=admin']
    const report = `--report=html=${join(place.folder, 'own.html')}`
    expect(
      await ended([...FEW, '--target=keycloak', ...keycloak, report], { SYN2OP_REHEARSAL_KEYCLOAK_PASSWORD: 'secret' }),
    ).toEqual({ code: 5, stderr: expect.stringContaining('http://127.0.0.1:1 does not answer') })
    expect(await readdir(place.folder)).toEqual([])
    expect(await place.leftOver()).toEqual([])
  })

  it('ends with 5 where the given PostgreSQL does not answer, and with 4 where it lets nobody in', async () => {
    const at = (password: string, on: number) => ({
      SYN2OP_REHEARSAL_POSTGRES: `postgresql://${user}:${password}@${host}:${on}/postgres`,
    })
    expect(await ended(FEW, at('secret', 1))).toMatchObject({ code: 5 })
    expect(await ended(FEW, at('not-this-one', port))).toMatchObject({ code: 4 })
  })

  it('ends with 64 where only containers count and a program of this machine is named for MAS', async () => {
    expect(await ended(['--demo', '--require=containers', '--mas-cli=/opt/mas/mas-cli'])).toEqual({
      code: 64,
      stderr: expect.stringMatching(/--mas-cli.*--require containers/su),
    })
  })

  it.each([['--demo'], ['--clean=all']])('ends with 64 on Windows, and says where it can: %s', async (what) => {
    const env = {
      NODE_OPTIONS: `--import=data:text/javascript,Object.defineProperty(process,'platform',{value:'win32'})`,
    }
    expect(await ended([what], env)).toEqual({ code: 64, stderr: expect.stringContaining('WSL') })
  })
})
