import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { type StandIn, startStandIn } from '../../../src/rehearsal/standins/auth0/server.ts'
import type { Auth0PrepareDocument } from '../../../src/report/auth0-prepare-document.ts'
import { ending, type ProgramEnd, runBuiltProgram } from '../../support/built-program.ts'

const OLD_OPTIONS = { passwordPolicy: 'good', requires_username: true }

describe('syn2op auth0 prepare', () => {
  let standIn: StandIn
  let folder: string
  const told: string[] = []

  beforeAll(async () => {
    standIn = await startStandIn()
    standIn.connection.options = OLD_OPTIONS
    folder = await mkdtemp(join(tmpdir(), 'syn2op-auth0-prepare-command-'))
    await writeFile(join(folder, 'client-secret'), standIn.client.secret, { mode: 0o600 })
    const content = {
      url: standIn.url,
      client: { id: standIn.client.id, secret_file: 'client-secret' },
      connection: standIn.connection.name,
      plan: 'enterprise',
    }
    await writeFile(join(folder, 'auth0.yaml'), stringify(content))
  })
  afterAll(async () => {
    await standIn.close()
    await rm(folder, { recursive: true })
  })

  const typed = async (...more: readonly string[]): Promise<ProgramEnd> => {
    const end = await runBuiltProgram(['auth0', 'prepare', '--target-config=auth0.yaml', ...more], { folder })
    told.push(end.stdout, end.stderr)
    return end
  }

  it('shows what it would do, asks before it does it, and does nothing where nobody can be asked', async () => {
    const shown = await typed()
    expect(ending(shown, 0)).toBe('exit 0')
    expect(shown.stdout).toMatch(
      /connection people: 1 step to do\n[\s\S]*validation: \{username: \{min: 1, max: 128\}\}/,
    )
    expect(shown.stderr).toContain('Nothing was written. To do it: add --apply')
    const asked = await typed('--apply', '--no-input')
    expect(ending(asked, 64)).toBe('exit 64')
    expect(asked.stderr).toContain('Add --yes')
    expect(standIn.connection.options).toEqual(OLD_OPTIONS)
  })

  it('does it, says how it is taken back, and takes it back', async () => {
    const applied = await typed('--apply', '--yes')
    expect(ending(applied, 0)).toBe('exit 0')
    const [record = ''] = await readdir(join(folder, 'syn2op-runs'))
    expect(applied.stdout).toMatch(
      new RegExp(`syn2op auth0 prepare --undo \\S*${record} --target-config=?\\s?auth0\\.yaml`),
    )
    expect(standIn.connection.options).toMatchObject({ validation: { username: { min: 1, max: 128 } } })
    const undone = await typed(`--undo=${join('syn2op-runs', record)}`, '--yes', '--json')
    expect(ending(undone, 0)).toBe('exit 0')
    const document = JSON.parse(undone.stdout) as Auth0PrepareDocument
    expect(document).toMatchObject({ kind: 'auth0-prepare', action: 'undone', steps: [{ outcome: 'undone' }] })
    expect(standIn.connection.options).toEqual(OLD_OPTIONS)
  })

  it('never tells the secret of the client', () => {
    expect(told.join('\n')).not.toContain(standIn.client.secret)
  })
})
