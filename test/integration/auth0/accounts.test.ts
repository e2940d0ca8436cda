import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Account } from '../../../src/accounts/account.ts'
import { importRow, reimportRow } from '../../../src/targets/auth0/accounts/import-row.ts'
import { type PlannedUser, planUser } from '../../../src/targets/auth0/accounts/plan-user.ts'
import { upsertRow } from '../../../src/targets/auth0/accounts/upsert-row.ts'
import { userIdOf } from '../../../src/targets/auth0/accounts/user-id.ts'
import { wantedUser } from '../../../src/targets/auth0/accounts/wanted-user.ts'
import { type UsersInTenant, usersInTenant } from '../../support/auth0/users-in-tenant.ts'
import { anna, byImportAlone, MXID, RULES, writer } from '../../unit/targets/auth0/accounts/people.ts'

/** A connection of which RULES are true. */
const OPTIONS = {
  attributes: {
    email: { profile_required: false },
    username: { profile_required: false, validation: { min_length: 1, max_length: 128 } },
    phone_number: { profile_required: false },
  },
}
const ID = userIdOf(RULES.connection, MXID)

const plan = (tenant: UsersInTenant, account: Account, runId: string): PlannedUser => {
  const present = tenant.user(ID)
  return planUser(wantedUser(account, RULES), present === undefined ? {} : { present }, writer(runId))
}

/** What was asked for, as the tenant answers it. */
const migrate = async (tenant: UsersInTenant, account: Account, runId: string): Promise<readonly unknown[]> => {
  const { requests } = plan(tenant, account, runId)
  switch (requests.kind) {
    case 'create':
      return [tenant.importRow(importRow(requests.wanted, writer(runId), { pepper: 'cayenne' }))]
    case 'reimport':
      return [await tenant.ask('DELETE', requests.id), tenant.importRow(reimportRow(requests, { pepper: 'cayenne' }))]
    case 'rehash': {
      const { block, others } = requests
      const answers: unknown[] = []
      for (const patch of block?.patches ?? []) answers.push(await tenant.ask('PATCH', requests.id, patch))
      answers.push(tenant.upsertRow(upsertRow(requests, { pepper: 'cayenne' })))
      for (const patch of others?.patches ?? []) answers.push(await tenant.ask('PATCH', requests.id, patch))
      return answers
    }
    case 'delete':
      return [await tenant.ask('DELETE', requests.id)]
    case 'change': {
      const answers: unknown[] = []
      for (const patch of requests.patches) answers.push(await tenant.ask('PATCH', requests.id, patch))
      return answers
    }
    case 'nothing':
    case 'refuse':
      return []
  }
}

describe('what an account becomes', () => {
  it('is taken by the rules that Auth0 publishes, and is found there as it was written', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(byImportAlone, { minLength: 1, maxLength: 4 }), async (states) => {
        const tenant = usersInTenant(OPTIONS)
        for (const [index, state] of states.entries()) {
          const answers = await migrate(tenant, state, `run-${index}`)
          expect(answers.filter((refused) => refused !== undefined)).toEqual([])
          const again = plan(tenant, state, 'run-9')
          expect(again.requests.kind).toBe('nothing')
        }
      }),
      { numRuns: 150 },
    )
  })

  it('is taken whatever it is called, or refused before it is sent', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.emailAddress({ size: 'large' }), fc.webUrl())
    const names = fc.constantFrom('name', 'given_name', 'family_name', 'nickname', 'picture', 'colour')
    fc.assert(
      fc.property(
        text,
        fc.array(text, { maxLength: 3 }),
        fc.dictionary(names, text),
        fc.constantFrom('escape', 'leave', 'refuse'),
        (username, addresses, attributes, unfit) => {
          const account = anna({
            username,
            attributes,
            threepids: addresses.map((address, addedAt) => ({ medium: 'email', address, addedAt })),
            ...(addresses[0] === undefined ? {} : { primaryEmail: addresses[0] }),
          })
          const wanted = wantedUser(account, { ...RULES, usernames: { unfit } })
          const tenant = usersInTenant(OPTIONS)
          if (wanted.refused === undefined) expect(tenant.importRow(importRow(wanted, writer('run-1')))).toBeUndefined()
          else expect(wanted.refused).toMatch(/^its? /u)
        },
      ),
      { numRuns: 400 },
    )
  })
})
