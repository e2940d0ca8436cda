import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { ApiRequest, Given } from '../../../src/rehearsal/standins/auth0/rules/rule.ts'
import { person, READ_JOB, type Session, withTenant } from '../../support/auth0/session.ts'

describe('an export', () => {
  const exporting = (json: unknown): ApiRequest => ({ method: 'POST', path: '/api/v2/jobs/users-exports', json })

  const fileOf = async ({ wait, ask: send }: Session, json: unknown): Promise<string> => {
    await send(exporting(json))
    await wait(60_000)
    const { body } = await send(READ_JOB)
    const { location } = z.object({ location: z.string() }).parse(body)
    return gunzipSync(Buffer.from(await (await fetch(location)).arrayBuffer())).toString()
  }

  const given: Given = { users: [{ ...person(1), app_metadata: { matrix: { mxid: '@a"b:x' } } }, person(2)] }

  it('gives the fields that are named, an object a line, under the names that are asked for', async () => {
    await withTenant(given, [], async (session) => {
      const text = await fileOf(session, {
        format: 'json',
        fields: [{ name: 'user_id' }, { name: 'app_metadata.matrix.mxid', export_as: 'mxid' }],
      })
      const lines = text.trim().split('\n')
      expect(lines.map((line) => JSON.parse(line))).toEqual([
        { user_id: 'auth0|person-1', mxid: '@a"b:x' },
        { user_id: 'auth0|person-2' },
      ])
    })
  })

  it('guards CSV against what a spreadsheet would run', async () => {
    await withTenant(given, [], async (session) => {
      const text = await fileOf(session, {
        format: 'csv',
        limit: 1,
        fields: [{ name: 'user_id' }, { name: 'app_metadata.matrix.mxid' }, { name: 'email_verified' }],
      })
      expect(text).toBe(`"'user_id","'app_metadata.matrix.mxid","'email_verified"\n"'auth0|person-1","'@a""b:x",true\n`)
    })
  })

  it('may lag behind', async () => {
    await withTenant(given, [{ kind: 'export lags' }], async ({ wait, ask: send }) => {
      await send(exporting({ format: 'json' }))
      await wait(5 * 60_000)
      expect((await send(READ_JOB)).body).toMatchObject({ status: 'pending' })
      await wait(6 * 60_000)
      expect((await send(READ_JOB)).body).toMatchObject({ status: 'completed' })
    })
  })
})
