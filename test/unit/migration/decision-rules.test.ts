import { describe, expect, it } from 'vitest'
import { HELD_BACK } from '../../../src/accounts/decisions/held-back.ts'
import { REASONS } from '../../../src/accounts/reasons.ts'
import { Syn2opError } from '../../../src/errors/syn2op-error.ts'
import { parseMapping } from '../../../src/mapping/load-mapping.ts'
import { decisionRules } from '../../../src/migration/decision-rules.ts'
import { soundHomeserver } from '../../support/sound-mas.ts'

const file = '/data/telegram.yaml'
const notRead = { file, key: 'app_service_config_files[0]', why: 'there is no such file here' }
const secret = { file: '/run/secrets/mas', key: 'matrix_authentication_service.secret_path', why: 'it is a folder' }

const decide = (rules: string, unreadable = [notRead, secret]): unknown => {
  const homeserver = { ...soundHomeserver, unreadable }
  return decisionRules({
    homeserver,
    mapping: parseMapping(`version: 1\n${rules}\n`, 'm.yaml'),
    providers: [],
    asOf: 0,
  })
}

const refusal = (rules: string): Syn2opError => {
  try {
    decide(rules)
  } catch (error) {
    if (error instanceof Syn2opError) return error
    throw error
  }
  throw new TypeError(`decided by ${rules}`)
}

describe('a registration of an application service that cannot be read', () => {
  it.each(['registrations: exclusive', 'registrations: all', 'accounts: { bots: hold_back }'])(
    'leaves nothing decided where the mapping goes by it: %s',
    (rules) => {
      const { code, message, problems, next } = refusal(rules)
      expect(code).toBe('config.unreadable')
      expect(problems).toEqual([{ message: 'there is no such file here', at: { file } }])
      expect([message, ...next].join('\n')).toContain(rules.includes('bots') ? '`accounts.bots`' : '`registrations`')
    },
  )

  it('does not matter where no rule goes by it', () => {
    expect(() => decide('accounts: { bots: migrate }')).not.toThrow()
    expect(() => decide('registrations: none')).not.toThrow()
  })

  it('is not what another unreadable file is', () => {
    expect(() => decide('registrations: exclusive', [secret])).not.toThrow()
  })
})

describe('whom Synapse keeps out today', () => {
  it.each([
    [{}, undefined],
    [{ accountValidityEnabled: true }, ['expired']],
    [{ approvalRequired: true }, ['unapproved']],
  ])('is told by its settings: %j', (settings, keepsOut) => {
    const homeserver = { ...soundHomeserver, ...settings }
    const mapping = parseMapping('version: 1\n', 'm.yaml')
    expect(decisionRules({ homeserver, mapping, providers: [], asOf: 0 }).keepsOut).toEqual(keepsOut)
  })
})

describe('an account that is held back', () => {
  it('closes to its person for every reason that is not of a closed account or of an application service', () => {
    const reasons = Object.entries(REASONS).flatMap(([reason, { applies }]) => (applies === 'account' ? [reason] : []))
    expect(Object.keys(HELD_BACK).toSorted()).toEqual(reasons.toSorted())
    const others = Object.entries(HELD_BACK).flatMap(([reason, what]) => (what === 'closes' ? [] : [reason]))
    expect(others.toSorted()).toEqual([
      'appservice_user',
      'deactivated',
      'foreign_server_name',
      'ghost_namespace',
      'locked',
      'malformed_mxid',
    ])
  })
})
