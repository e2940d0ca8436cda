import { describe, expect, it } from 'vitest'
import { judgeIntrospection } from '../../../../src/rehearsal/ends/mas/whoami.ts'

const SERVER = { serverName: 'demo.example' }
const API = 'urn:matrix:client:api:*'
const active = { active: true, scope: API, username: 'anna' }

const judged = (introspection: Readonly<Record<string, unknown>>): readonly [number, unknown] => {
  const { status, body } = judgeIntrospection(introspection, SERVER)
  return [status, body['errcode'] ?? [body['user_id'], body['device_id']]]
}

describe('what a homeserver makes of an introspection', () => {
  it('is the person and the device that MAS names', () => {
    expect(judged({ ...active, device_id: 'PHONE' })).toEqual([200, ['@anna:demo.example', 'PHONE']])
  })

  it('has no device where MAS names none, and that of a scope where it does so by one', () => {
    expect(judged(active)).toEqual([200, ['@anna:demo.example', undefined]])
    for (const prefix of ['urn:matrix:client:device:', 'urn:matrix:org.matrix.msc2967.client:device:']) {
      expect(judged({ ...active, scope: `openid ${API} ${prefix}PHONE` })).toEqual([
        200,
        ['@anna:demo.example', 'PHONE'],
      ])
    }
  })

  it('is nobody where the token is not active, has expired, or is for something else', () => {
    for (const refused of [{ active: false }, { ...active, expires_in: 0 }, { ...active, scope: 'openid' }, {}]) {
      expect(judged(refused)).toEqual([401, 'M_UNKNOWN_TOKEN'])
    }
  })

  it('is an error where the person or the device cannot be', () => {
    const { username: _, ...nameless } = active
    const two = `${API} urn:matrix:client:device:A urn:matrix:client:device:B`
    for (const wrong of [
      nameless,
      { ...active, device_id: '' },
      { ...active, device_id: 'x'.repeat(256) },
      { ...active, scope: two },
    ]) {
      expect(judged(wrong)).toEqual([500, 'M_FORBIDDEN'])
    }
    expect(judged({ ...active, device_id: 'x'.repeat(255) })[0]).toBe(200)
  })
})
