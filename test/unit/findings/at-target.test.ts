import { describe, expect, it } from 'vitest'
import { atTarget } from '../../../src/findings/at-target.ts'
import { FINDINGS, type FindingCode, finding } from '../../../src/findings/catalogue.ts'
import { mattersTo } from '../../../src/findings/matters-to.ts'

const remedyAt = (target: string, code: FindingCode): string =>
  atTarget(target)(finding(code, { message: 'Seen', remedy: [FINDINGS[code].remedy] })).remedy.join('\n')

describe('what is to be done about a finding', () => {
  it.each(['NO_BACKUP', 'BACKUP_ADVISED'] as const)(
    'asks at Auth0 for a dump of the one database there is: %s',
    (code) => {
      expect(remedyAt('auth0', code)).toMatch(/^Dump Synapse's database.*`--backup FILE`.*/u)
      for (const target of ['mas', 'keycloak']) expect(remedyAt(target, code)).toMatch(/^Dump both databases/u)
    },
  )

  it('speaks of MAS only where MAS may come', () => {
    expect(remedyAt('auth0', 'APPSERVICE_USERS')).toBe('Nothing to do.')
    expect(remedyAt('mas', 'APPSERVICE_USERS')).toContain('once MAS is on')
  })

  it('stays as it was found where the target is like others', () => {
    const told = finding('GUESTS', { message: 'One guest', remedy: ['Tell @guest'] })
    expect(atTarget('auth0')(told)).toEqual(told)
  })

  it('tells of phones at Auth0 by the finding that knows what the connection takes', () => {
    const codes = (['PHONES', 'AUTH0_PHONES_KEPT'] as const).map((code) => ({ code }))
    expect(codes.filter(mattersTo('auth0'))).toEqual([{ code: 'AUTH0_PHONES_KEPT' }])
    expect(codes.filter(mattersTo('keycloak'))[0]).toEqual({ code: 'PHONES' })
  })
})
