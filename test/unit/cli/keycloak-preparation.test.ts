import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openingOf } from '../../../src/cli/keycloak-preparation.ts'

const origin = 'the test'

describe('a Keycloak that is prepared', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keycloak-preparation-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  const opened = async (url: string, accept: readonly string[] = []) => {
    const file = join(folder, 'keycloak.yaml')
    await writeFile(file, `url: ${url}\nrealm: people\nclient: { id: syn2op, secret: hidden }\n`, { mode: 0o600 })
    return openingOf({ 'target.config': { value: [file], origin }, 'accept': { value: accept, origin } })
  }

  it('is given no secret where others can listen, unless somebody means it', async () => {
    await expect(opened('http://id.example.org')).rejects.toMatchObject({
      code: 'check.warnings',
      problems: [{ message: expect.stringContaining('KEYCLOAK_PLAIN_HTTP') }],
    })
    expect((await opened('http://id.example.org', ['KEYCLOAK_PLAIN_HTTP'])).config.realm).toBe('people')
    expect((await opened('http://127.0.0.1:8080')).config.realm).toBe('people')
    expect((await opened('https://id.example.org')).config.realm).toBe('people')
  })
})
