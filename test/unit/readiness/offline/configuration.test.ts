import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { configurationOf } from '../../../../src/readiness/offline/configuration.ts'
import { loadHomeserver } from '../../../../src/synapse/load-homeserver.ts'

describe('homeserver.yaml, looked at without asking anybody', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'syn2op-offline-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))
  const of = async (...texts: readonly string[]) => {
    const files = texts.map((text, index) => {
      const file = join(folder, `${index}.yaml`)
      writeFileSync(file, text)
      return file
    })
    return configurationOf(await loadHomeserver(files, { sqlite: 'none' }))
  }

  it('says each setting that keeps Synapse from starting under MAS, in the order of its lines, with the change', async () => {
    const text = [
      'server_name: example.org',
      'enable_registration: true',
      'matrix_authentication_service:',
      '  enabled: true',
      '  secret: hush',
      'password_config:',
      '  enabled: true',
      'user_consent:',
      '  version: 1',
      '',
    ].join('\n')
    const file = join(folder, '0.yaml')
    expect(await of(text)).toEqual({
      files: [file],
      serverName: 'example.org',
      delegation: 'on',
      conflicts: [
        { path: 'enable_registration', file, line: 2, change: 'enable_registration: false' },
        {
          path: 'password_config.enabled',
          file,
          line: 7,
          change: 'enabled: false (under password_config:, whose other lines stay)',
        },
        {
          path: 'user_consent',
          file,
          line: 8,
          change: 'remove user_consent (or put # before each of its lines)',
        },
      ],
      unreadable: [],
    })
  })

  it('says of which of several files each is', async () => {
    const { conflicts } = await of('server_name: example.org\nenable_registration: true\n', 'session_lifetime: 24h\n')
    expect(conflicts.map(({ path, file, line }) => [path, file, line])).toEqual([
      ['enable_registration', join(folder, '0.yaml'), 2],
      ['session_lifetime', join(folder, '1.yaml'), 1],
    ])
  })

  it.each([
    ['absent', ''],
    ['off', 'matrix_authentication_service:\n  enabled: false\n'],
    ['on', 'matrix_authentication_service:\n  enabled: true\n  endpoint: http://localhost:8080/\n  secret: hush\n'],
  ])('says that MAS is %s, and never the secret', async (delegation, text) => {
    const found = await of(`server_name: example.org\n${text}`)
    expect(found).toMatchObject({ delegation, conflicts: [] })
    expect(JSON.stringify(found)).not.toContain('hush')
  })

  it('says of a folder in the place of the secret that it is in the way, and not that it could not be read', async () => {
    const { conflicts, unreadable } = await of(
      `server_name: example.org\nmatrix_authentication_service: { enabled: true, secret_path: ${folder} }\n`,
    )
    expect(conflicts.map(({ path, change }) => [path, change])).toEqual([
      [
        'matrix_authentication_service.secret_path',
        'secret_path: a file with the secret (under matrix_authentication_service:); what it names now is none',
      ],
    ])
    expect(unreadable).toEqual([])
  })

  it('says which files it names that could not be read', async () => {
    const { unreadable } = await of('server_name: example.org\napp_service_config_files: [/data/none.yaml]\n')
    expect(unreadable).toEqual(['/data/none.yaml (app_service_config_files[0]): there is no such file here'])
  })
})
