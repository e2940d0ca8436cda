import { describe, expect, it } from 'vitest'
import { dropWithSessions } from '../../../../src/rehearsal/leases/drop-with-sessions.ts'

/** A server that answers each statement with the next of these SQLSTATEs; when there is none, it does what it is asked. */
const server = (...states: readonly string[]) => {
  const asked: string[] = []
  const left = [...states]
  return {
    asked,
    async query(text: string) {
      asked.push(text)
      const code = left.shift()
      if (code !== undefined) throw Object.assign(new Error('refused'), { code })
    },
  }
}

const FORCED = 'DROP DATABASE IF EXISTS "own" WITH (FORCE)'
const PLAIN = 'DROP DATABASE IF EXISTS "own"'

describe('a database that is dropped', () => {
  it('goes with whoever is connected', async () => {
    const { asked, ...client } = server()
    await dropWithSessions(client, 'own')
    expect(asked).toEqual([FORCED])
  })

  it('goes without force where a worker of autovacuum is in it, which only superusers may end', async () => {
    const { asked, ...client } = server('42501')
    await dropWithSessions(client, 'own')
    expect(asked).toEqual([FORCED, PLAIN])
  })

  it('is tried again where a session has not gone yet', async () => {
    const { asked, ...client } = server('42501', '55006', '42501')
    await dropWithSessions(client, 'own')
    expect(asked).toEqual([FORCED, PLAIN, FORCED, PLAIN])
  })

  it('stays where somebody else’s session stays, or the server says anything else', async () => {
    const busy = server('42501', '55006', '42501', '55006')
    await expect(dropWithSessions(busy, 'own', 0)).rejects.toMatchObject({
      code: expect.stringMatching(/42501|55006/u),
    })
    const strange = server('XX000')
    await expect(dropWithSessions(strange, 'own')).rejects.toMatchObject({ code: 'XX000' })
    expect(strange.asked).toEqual([FORCED])
  })
})
