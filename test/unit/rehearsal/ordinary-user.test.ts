import { describe, expect, it } from 'vitest'
import { findOrdinaryUser } from '../../../src/rehearsal/ordinary-user.ts'

describe('the user that a database server runs as when we are root', () => {
  it('is postgres, who exists where PostgreSQL was installed', () => {
    const passwd =
      'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:\npostgres:x:101:104::/var/lib/postgresql:/bin/sh\n'
    expect(findOrdinaryUser(passwd)).toEqual({ uid: 101, gid: 104 })
  })

  it('is nobody elsewhere', () => {
    expect(findOrdinaryUser('root:x:0:0::/:\nnobody:x:65534:65533::/:\n')).toEqual({ uid: 65534, gid: 65533 })
  })

  it('is never root under another name', () => {
    expect(findOrdinaryUser('postgres:x:0:0::/:\n')).toBeUndefined()
  })

  it('is unknown on a system without either', () => {
    expect(findOrdinaryUser('root:x:0:0::/:\n')).toBeUndefined()
    expect(findOrdinaryUser('')).toBeUndefined()
  })
})
