import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { linkFilesAt, linkSql, unlinkSql, writeLinkFiles } from '../../../src/link/link-file.ts'
import { synapsePlace } from '../../../src/link/synapse-place.ts'
import { soundConfig } from '../../support/sound-mas.ts'

const place = synapsePlace({ providers: [] }, soundConfig.database)

const statements = (rows: readonly (readonly string[])[], serverName = 'example.org') => ({
  place,
  schema: 'public',
  rows,
  serverName,
  isUsed: place.logins.isUsed('public'),
})

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'syn2op-link-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('values are quoted, whatever they hold', () => {
  const row = ['oidc-keycloak', `o'neil\\`, '@a";--:example.org']
  const text = [...linkSql(statements([row]))].join('')
  expect(text).toContain(`('oidc-keycloak'::text,  E'o''neil\\\\'::text, '@a";--:example.org'::text)`)
  expect([...unlinkSql(statements([row]))].join('')).toContain(`E'o''neil\\\\'`)
})

test('nothing of a name from the configuration ends a comment', () => {
  const text = [...linkSql(statements([], 'example.org\nDROP TABLE users;'))].join('')
  expect(text.split('\n').filter((line) => line.startsWith('DROP'))).toEqual([])
})

test('the files end at the first error, and write all or nothing', () => {
  for (const make of [linkSql, unlinkSql]) {
    const text = [...make(statements([['p', 's', 'u']]))].join('')
    expect(text).toContain('\\set ON_ERROR_STOP on')
    expect(text.indexOf('BEGIN;')).toBeLessThan(text.indexOf('user_external_ids'))
    expect(text.endsWith('COMMIT;\n')).toBe(true)
  }
})

test('nobody gets a second link of the provider, and a link by which somebody has logged in stays', () => {
  const one = statements([['p', 's', 'u']])
  expect([...linkSql(one)].join('')).toMatch(
    /WHERE NOT EXISTS \(\s+SELECT FROM "public"\."user_external_ids" t WHERE t\."auth_provider" = v\."auth_provider" AND t\."user_id" = v\."user_id"\s+\)/u,
  )
  expect([...unlinkSql(one)].join('')).toMatch(/AND NOT EXISTS \(\s+SELECT FROM "public"\."device_auth_providers"/u)
})

test('the way back stands beside the links, for their owner alone', async () => {
  const files = linkFilesAt(join(folder, 'link.sql'))
  expect(files.unlink).toBe(join(folder, 'unlink.sql'))
  await writeLinkFiles(files, statements([['p', 's', 'u']]))
  for (const file of [files.link, files.unlink]) expect((await stat(file)).mode & 0o777).toBe(0o600)
})

test('a file that is there stays: it may be the only way back', async () => {
  const files = linkFilesAt(join(folder, 'link.sql'))
  await writeFile(files.unlink, 'precious')
  await expect(writeLinkFiles(files, statements([]))).rejects.toMatchObject({ code: 'report.unwritable' })
  expect(await readFile(files.unlink, 'utf8')).toBe('precious')
})
