import { describe, expect, it } from 'vitest'
import { SYNAPSE_SETTINGS_FINDINGS } from '../../../src/findings/families/synapse-settings.ts'
import { mattersTo } from '../../../src/findings/matters-to.ts'
import { checkHomeserver } from '../../../src/synapse/check-homeserver.ts'
import type { HomeserverConfig } from '../../../src/synapse/homeserver.ts'
import { soundHomeserver } from '../../support/sound-mas.ts'

const at = { file: '/hs.yaml', line: 12, column: 1 }
const CASES: readonly {
  readonly code: keyof typeof SYNAPSE_SETTINGS_FINDINGS
  readonly homeserver: Partial<HomeserverConfig>
  readonly says: string
  readonly count?: number
}[] = [
  {
    code: 'FILES_NOT_READ',
    homeserver: {
      unreadable: [
        { file: '/data/irc.yaml', key: 'app_service_config_files[0]', why: 'there is no such file here' },
        { file: '/data/tg.yaml', key: 'app_service_config_files[1]', why: 'this user may not read it' },
      ],
    },
    says: '2 files that homeserver.yaml names were not read: /data/irc.yaml (there is no such file here), /data/tg.yaml (this user may not read it)',
    count: 2,
  },
  {
    code: 'SYNAPSE_WORKERS',
    homeserver: { workers: Array.from({ length: 8 }, (_, n) => ({ name: `worker${n + 1}` })) },
    says: 'Synapse has 8 workers that have to be stopped with it: worker1, worker2, worker3, worker4, worker5 and 3 more',
    count: 8,
  },
  {
    code: 'SYNAPSE_UNKNOWN_MODULES',
    homeserver: { modules: ['ldap_auth_provider.LdapAuthProviderModule', 'our.Module', 'mjolnir.Module'] },
    says: 'Whether 1 module of Synapse checks passwords is not known: our.Module',
    count: 1,
  },
  {
    code: 'SYNAPSE_SETTINGS_LEFT',
    homeserver: { leftSettings: ['registrations_require_3pid', 'email'] },
    says: '2 settings of Synapse are not carried and have to be made at MAS anew: registrations_require_3pid, email',
    count: 2,
  },
  {
    code: 'SYNAPSE_TOOLS_END',
    homeserver: { leftSettings: ['registration_shared_secret'] },
    says: '`register_new_matrix_user` stops working with MAS, and with it what makes accounts by `registration_shared_secret`',
  },
  {
    code: 'SYNAPSE_DELEGATES_ALREADY',
    homeserver: { delegation: { enabled: true, at, secret: 's3cret' } },
    says: 'Synapse hands its logins to MAS already: `matrix_authentication_service` in /hs.yaml:12',
  },
]

describe('the check of Synapse’s settings', () => {
  it('finds nothing in a plain homeserver, nor in a section for MAS that is still off', () => {
    expect(checkHomeserver(soundHomeserver)).toEqual([])
    expect(checkHomeserver({ ...soundHomeserver, delegation: { enabled: false, at } })).toEqual([])
  })

  it.each(CASES)('says $code', ({ code, homeserver, says, count }) => {
    const findings = checkHomeserver({ ...soundHomeserver, ...homeserver })
    expect(findings).toMatchObject([{ code, message: says, ...(count === undefined ? {} : { count }) }])
    expect(JSON.stringify(findings)).not.toContain('s3cret')
  })

  it('says what MAS has instead of a setting', () => {
    const template = 'oidc_providers[0].user_mapping_provider.config.localpart_template'
    const [told] = checkHomeserver({ ...soundHomeserver, leftSettings: ['email', template] })
    expect(told?.remedy).toEqual([
      'email: see `email` in the configuration of MAS.',
      expect.stringContaining('`claims_imports.localpart.template`'),
    ])
  })

  it('tells a worker that has another database beside the others', () => {
    const workers = [{ name: 'one', file: '/one.yaml', database: 'u@pooler:5432/s' }, { name: 'two' }]
    expect(checkHomeserver({ ...soundHomeserver, workers })).toMatchObject([
      { code: 'SYNAPSE_WORKERS', count: 2, remedy: [expect.stringContaining('one, two')] },
      { code: 'SYNAPSE_WORKER_DATABASE', message: expect.stringContaining('u@pooler:5432/s') },
    ])
  })

  it('has a case for every code of its family', () => {
    const tried = new Set([...CASES.map(({ code }) => code), 'SYNAPSE_WORKER_DATABASE'])
    expect(tried).toEqual(new Set(Object.keys(SYNAPSE_SETTINGS_FINDINGS)))
  })

  it('keeps what is about MAS from people who move elsewhere', () => {
    const told = CASES.map(({ code }) => ({ code }))
    expect(told.filter(mattersTo('mas'))).toEqual(told)
    expect(told.filter(mattersTo('memory')).map(({ code }) => code)).toEqual(['FILES_NOT_READ', 'SYNAPSE_WORKERS'])
  })
})
