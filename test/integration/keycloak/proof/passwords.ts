import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { directGrant } from '../../../support/keycloak/realm.ts'
import { GONE, LINKED, LOCKED, OTHER_SPELLINGS, PASSWORDS } from './people.ts'
import type { Stage } from './stage.ts'

const CREDENTIALS = z.array(z.object({ credentialData: z.string() }))
const ALGORITHM = z.object({ algorithm: z.string() })
const REFUSAL = z.object({ error_description: z.string() })
const REFUSED = 'Invalid user credentials'

export const describePasswords = (stage: () => Stage): unknown =>
  describe('have a password that', () => {
    const hashOf = async (localpart: string): Promise<string> => {
      const found = await stage().realm.admin.get(`users/${stage().idOf(localpart)}/credentials`, CREDENTIALS)
      return found.map(({ credentialData }) => ALGORITHM.parse(JSON.parse(credentialData)).algorithm).join()
    }
    const type = async (localpart: string, password: string): Promise<string> => {
      const { status, body } = await directGrant(stage().realm, localpart, password)
      return status === 200 ? 'in' : REFUSAL.parse(body).error_description
    }

    it.each(PASSWORDS)(
      'lets in, before and after Keycloak has hashed it anew, and no other does: $title',
      async ({ localpart, password, wrong = `!${password}` }) => {
        const before = [await type(localpart, wrong), await hashOf(localpart)]
        expect(before).toEqual([REFUSED, 'synapse-bcrypt'])
        expect([await type(localpart, password), await hashOf(localpart)]).toEqual(['in', 'argon2'])
        expect([await type(localpart, password), await type(localpart, wrong)]).toEqual(['in', REFUSED])
      },
    )

    it.each(Object.entries(OTHER_SPELLINGS))(
      'is what they typed first at Keycloak, where Synapse took that for theirs: another %s',
      async (_, { localpart, password, typed }) => {
        expect([await type(localpart, typed), await hashOf(localpart)]).toEqual(['in', 'argon2'])
        expect([await type(localpart, typed), await type(localpart, password)]).toEqual(['in', REFUSED])
      },
    )

    it('is none where they had none, or were deactivated', async () => {
      for (const { localpart } of [LINKED, GONE]) expect(await hashOf(localpart)).toBe('')
      expect(await type(LINKED.localpart, '')).toBe(REFUSED)
      expect(await type(GONE.localpart, GONE.password)).toBe(REFUSED)
    })

    it('does not let in who was locked', async () => {
      expect(await type(LOCKED.localpart, LOCKED.password)).toBe('Account disabled')
    })
  })
