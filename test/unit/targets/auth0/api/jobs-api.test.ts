import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { exportedUsers } from '../../../../../src/targets/auth0/api/export-file.ts'
import {
  hasEnded,
  importForm,
  jobById,
  jobErrors,
  LONGEST_IMPORT,
  startExport,
  submitImport,
} from '../../../../../src/targets/auth0/api/jobs-api.ts'
import type { ManagementApi } from '../../../../../src/targets/auth0/api/management-api.ts'
import type { PresentUser } from '../../../../../src/targets/auth0/api/user.ts'
import { refusing, type Said, scriptedTenant } from './scripted-tenant.ts'

const { signal } = new AbortController()
const HASH = '$2b$12$abcdefghijklmnopqrstuuXIhxZ0e8v0WWzvZPBg7n0Y7cbIPzjOm'
const JOB = { id: 'job_0123456789abcdef', status: 'pending', type: 'users_import' }

const request = { connectionId: 'con_0123456789abcdef', externalId: 'run 7, 3', file: Buffer.from('[{"email":"ü"}]') }

describe('an import request', () => {
  it('is a form that sends nobody an e-mail, updates nobody, and has the file as it is', async () => {
    const { api, heard } = await scriptedTenant({ answer: () => ({ status: 202, json: JOB }) })

    expect(await submitImport(api, request, signal)).toMatchObject({ kind: 'accepted', job: { id: JOB.id } })

    const [sent] = heard
    const form = await new Response(new Uint8Array(sent?.body ?? []), {
      headers: { 'content-type': String(sent?.headers['content-type']) },
    }).formData()
    expect(Object.fromEntries([...form].filter(([, value]) => typeof value === 'string'))).toEqual({
      connection_id: request.connectionId,
      external_id: 'run 7, 3',
      upsert: 'false',
      send_completion_email: 'false',
    })
    const file = form.get('users')
    if (!(file instanceof File)) throw new Error('It has no file')
    expect([file.type, await file.text()]).toEqual(['application/json', '[{"email":"ü"}]'])
  })

  it('is measured as a whole, as Auth0 does, before it is sent', () => {
    const { bytes } = importForm(request)
    expect(bytes.length - request.file.length).toBeLessThan(700)
    expect(importForm({ ...request, file: Buffer.alloc(1000) }).bytes.length - 1000).toBe(
      bytes.length - request.file.length,
    )
    expect(LONGEST_IMPORT).toBe(512_000)
  })

  it.each<[string, Said, object]>([
    ['two are at work', refusing(429, 'There are 2 active import users jobs, please wait'), { kind: 'busy' }],
    ['it is too long', refusing(413, 'Payload content length greater than maximum'), { kind: 'too long' }],
    [
      'the connection is none',
      refusing(400, 'Connection must be a database connection', 'operation_not_supported'),
      { kind: 'refused', status: 400, words: 'Connection must be a database connection' },
    ],
  ])('is told where %s', async (_what, said, told) => {
    const { api } = await scriptedTenant({ answer: () => said })
    expect(await submitImport(api, request, signal)).toMatchObject(told)
  })
})

describe('a job', () => {
  it('says how far it is, and what it did when it has ended', async () => {
    const summary = { total: 3, inserted: 2, updated: 0, failed: 1 }
    const { api } = await scriptedTenant({
      answer: (_request, count) => ({
        status: 200,
        json:
          count === 1
            ? { ...JOB, status: 'processing', percentage_done: 50, time_left_seconds: 9 }
            : { ...JOB, status: 'completed', summary },
      }),
    })

    const atWork = await jobById(api, JOB.id, signal)
    const ended = await jobById(api, JOB.id, signal)

    expect(atWork).toMatchObject({ status: 'processing', timeLeft: 9000 })
    expect(ended).toMatchObject({ summary: { inserted: 2 } })
    expect([atWork, ended].map((job) => job !== undefined && hasEnded(job))).toEqual([false, true])
  })

  it('that is gone is none', async () => {
    const { api } = await scriptedTenant({ answer: () => refusing(404, 'Not Found') })
    expect(await jobById(api, JOB.id, signal)).toBeUndefined()
    expect(await jobErrors(api, JOB.id, signal)).toEqual({ kind: 'gone' })
  })

  it('says why rows were refused, by codes that nobody has documented too, without what was secret in them', async () => {
    const user = {
      user_id: 'abc',
      username: 'ann',
      email: 'ann@example.org',
      custom_password_hash: { algorithm: 'bcrypt', hash: { value: HASH }, salt: { value: 'our pepper' } },
    }
    const { api } = await scriptedTenant({
      answer: () => ({
        status: 200,
        json: [
          {
            user,
            errors: [
              { code: 'PATTERN', message: `salt our pepper of ${HASH} is wrong`, path: 'custom_password_hash.salt' },
              { code: 'NEVER_SEEN', message: 'Something else' },
            ],
          },
          { user: { email: 'bea@example.org' }, errors: [] },
        ],
      }),
    })

    const errors = await jobErrors(api, JOB.id, signal)

    expect(errors).toEqual({
      kind: 'rows',
      rows: [
        {
          userId: 'abc',
          username: 'ann',
          email: 'ann@example.org',
          errors: [
            { code: 'PATTERN', message: 'salt … of … is wrong', path: 'custom_password_hash.salt' },
            { code: 'NEVER_SEEN', message: 'Something else' },
          ],
        },
        { email: 'bea@example.org', errors: [] },
      ],
    })
  })

  it('does not repeat the pepper, neither where it is refused nor where it failed, and keeps all else as it is', async () => {
    const { api } = await scriptedTenant({
      secrets: ['pepper'],
      answer: ({ method }) =>
        method === 'POST'
          ? refusing(400, 'Unexpected token in ..."value":"pepper"}', 'invalid_body')
          : {
              status: 200,
              json: {
                ...JOB,
                status: 'failed',
                status_details: 'not read: pepper',
                location: 'https://dr-pepper.example/',
              },
            },
    })

    expect(await submitImport(api, request, signal)).toMatchObject({ words: 'Unexpected token in ..."value":"…"}' })
    expect(await jobById(api, JOB.id, signal)).toMatchObject({
      statusDetails: 'not read: …',
      location: 'https://dr-pepper.example/',
    })
  })

  it('may have failed as a whole, or have no errors', async () => {
    const failed = await scriptedTenant({
      answer: () => ({ status: 200, json: { ...JOB, status: 'failed', status_details: `no JSON: ${HASH}` } }),
    })
    const silent = await scriptedTenant({ answer: () => ({ status: 204 }) })

    expect(await jobErrors(failed.api, JOB.id, signal)).toMatchObject({
      kind: 'job',
      job: { status: 'failed', statusDetails: 'no JSON: …' },
    })
    expect(await jobErrors(silent.api, JOB.id, signal)).toEqual({ kind: 'none' })
  })
})

describe('an export of users', () => {
  const lines = '{"user_id":"auth0|a","email":"ü@example.org","app_metadata":{"n":1}}\n\n{"user_id":"auth0|b"}'

  const allOf = async (api: ManagementApi): Promise<readonly PresentUser[]> => {
    const users: PresentUser[] = []
    for await (const user of exportedUsers(api, JOB.id, signal)) users.push(user)
    return users
  }
  /** A tenant whose job names an address of its own, under which files are. */
  const withFiles = async (files: readonly Said[]) => {
    let asked = 0
    return scriptedTenant({
      answer: ({ path, headers }) =>
        path.startsWith('/file')
          ? (files[asked++] ?? 'cut')
          : {
              status: 200,
              json: {
                ...JOB,
                type: 'users_export',
                status: 'completed',
                location: `http://${String(headers['host'])}/file`,
              },
            },
    })
  }

  it('is asked for by connection and fields', async () => {
    const { api, heard } = await scriptedTenant({ answer: () => ({ status: 200, json: JOB }) })

    const asked = { connectionId: request.connectionId, fields: ['user_id', 'app_metadata'] }
    expect(await startExport(api, asked, signal)).toMatchObject({ kind: 'accepted', job: { id: JOB.id } })
    expect(JSON.parse(String(heard[0]?.body))).toEqual({
      connection_id: request.connectionId,
      format: 'json',
      fields: [{ name: 'user_id' }, { name: 'app_metadata' }],
    })
  })

  it.each([
    ['gzipped', gzipSync(lines)],
    ['as it is', Buffer.from(lines)],
  ])('is read user by user, %s, without our token', async (_what, bytes) => {
    const { api, heard } = await withFiles([{ status: 200, bytes }])

    expect(await allOf(api)).toMatchObject([
      { id: 'auth0|a', email: 'ü@example.org', appMetadata: { n: 1 } },
      { id: 'auth0|b', appMetadata: {} },
    ])
    expect(heard.find(({ path }) => path === '/file')?.headers).not.toHaveProperty('authorization')
  })

  it('of nobody is an empty file', async () => {
    const { api } = await withFiles([{ status: 200, bytes: gzipSync('') }])
    expect(await allOf(api)).toEqual([])
  })

  it('is asked for by a new address where the old one is good no more, and given up then', async () => {
    const once = await withFiles([{ status: 403 }, { status: 200, bytes: Buffer.from(lines) }])
    expect(await allOf(once.api)).toHaveLength(2)

    const never = await withFiles([{ status: 403 }, { status: 403 }])
    await expect(allOf(never.api)).rejects.toMatchObject({
      code: 'server.unreachable',
      message: expect.stringContaining('answers 403'),
    })
  })

  it('is not read where everybody on the way could read it', async () => {
    const json = { ...JOB, status: 'completed', location: 'http://tenant.example.org/people' }
    const { api } = await scriptedTenant({ answer: () => ({ status: 200, json }) })
    await expect(allOf(api)).rejects.toMatchObject({ message: expect.stringContaining('no https') })
  })

  it('that is cut off is no shorter list of users', async () => {
    const half = gzipSync(`${lines}\n`.repeat(100)).subarray(0, -20)
    await expect(allOf((await withFiles([{ status: 200, bytes: half }])).api)).rejects.toMatchObject({
      message: expect.stringContaining('cut off'),
    })
    const line = await withFiles([{ status: 200, bytes: Buffer.from(lines.slice(0, -3)) }])
    await expect(allOf(line.api)).rejects.toMatchObject({ message: expect.stringContaining('no user') })
  })

  const marks = { v: 1, mxid: '@ann:example.org', server: 'example.org', run: 'run-1', a: 'abcdefghijklmnopqrstuv' }

  it.each([
    { email_verified: 'true' },
    { identities: [{ connection: 'a', provider: 'auth0' }] },
    { name: 12_345 },
    { nickname: { a: 1 } },
    { blocked: 'false' },
    { app_metadata: 'x' },
    { user_metadata: [] },
    { logins_count: '3' },
    { phone_number: {}, app_metadata: { syn2op: 'spoilt' } },
  ])('with somebody of another form, %j, tells who that is, and is read to its end', async (odd) => {
    const stranger = { user_id: 'auth0|1', username: 7, email: 'Ann@example.org', ...odd }
    const file = `${JSON.stringify(stranger)}\n${lines}`
    const users = await allOf((await withFiles([{ status: 200, bytes: Buffer.from(file) }])).api)
    expect(users).toHaveLength(3)
    expect(users[0]).toMatchObject({ id: 'auth0|1', username: '7', email: 'Ann@example.org', loginsCount: 1 })
  })

  it('with one of ours who is of another form names them, and is not taken for all there is', async () => {
    const ours = JSON.stringify({ user_id: 'auth0|1', blocked: 'false', app_metadata: { syn2op: marks } })
    const { api } = await withFiles([{ status: 200, bytes: Buffer.from(`${lines}\n${ours}`) }])
    await expect(allOf(api)).rejects.toMatchObject({ message: expect.stringContaining('auth0|1') })
  })

  it('is let go of by whoever has seen enough', async () => {
    const { api } = await withFiles([{ status: 200, bytes: Buffer.from(lines) }])
    for await (const user of exportedUsers(api, JOB.id, signal)) {
      expect(user.id).toBe('auth0|a')
      break
    }
  })
})
