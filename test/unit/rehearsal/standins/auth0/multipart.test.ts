import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readMultipart } from '../../../../../src/rehearsal/standins/auth0/multipart.ts'

const sent = async (form: FormData): Promise<{ readonly type: string; readonly body: Buffer }> => {
  const request = new Request('http://tenant/', { method: 'POST', body: form })
  return { type: request.headers.get('content-type') ?? '', body: Buffer.from(await request.arrayBuffer()) }
}

describe('reading a multipart form', () => {
  it('gives back the bytes that fetch sent, whatever they are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array(), fc.string({ unit: 'grapheme-ascii' }), async (file, text) => {
        const form = new FormData()
        form.set('users', new Blob([file]), 'users.json')
        form.set('external_id', text)
        const { type, body } = await sent(form)
        const parts = readMultipart(type, body)
        expect(parts?.map(({ name, filename }) => [name, filename])).toEqual([
          ['users', 'users.json'],
          ['external_id', undefined],
        ])
        expect(parts?.[0]?.content).toEqual(Buffer.from(file))
        expect(parts?.[1]?.content.toString()).toBe(text)
      }),
      { numRuns: 50 },
    )
  })

  it('takes no form that is cut off, and nothing that is no form', async () => {
    const form = new FormData()
    form.set('connection_id', 'con_0000000000000001')
    const { type, body } = await sent(form)
    expect(readMultipart(type, body)).toHaveLength(1)
    expect(readMultipart(type, body.subarray(0, -6))).toBeUndefined()
    expect(readMultipart('application/json', Buffer.from('{}'))).toBeUndefined()
  })
})
