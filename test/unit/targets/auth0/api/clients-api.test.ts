import { expect, it } from 'vitest'
import { clientById } from '../../../../../src/targets/auth0/api/clients-api.ts'
import { refusing, scriptedTenant } from './scripted-tenant.ts'

const { signal } = new AbortController()

it('reads what an application may, and never asks for its secret', async () => {
  const { api, heard } = await scriptedTenant({
    answer: (_request, count) =>
      count === 1
        ? { status: 200, json: { client_id: 'proof', name: 'Proof', grant_types: ['password'] } }
        : refusing(404, 'Not Found'),
  })

  expect(await clientById(api, 'proof', signal)).toEqual({ id: 'proof', name: 'Proof', grantTypes: ['password'] })
  expect(heard[0]?.path).toContain('fields=client_id')
  expect(heard[0]?.path).not.toContain('secret')
  expect(await clientById(api, 'nobody', signal)).toBeUndefined()
})
