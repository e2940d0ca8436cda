import { describe, expect, it } from 'vitest'
import { FINDINGS } from '../../../../../src/findings/catalogue.ts'
import { KEYCLOAK_ACCOUNT_FINDINGS } from '../../../../../src/findings/families/keycloak-accounts.ts'
import { KEYCLOAK_PROVIDER_FINDINGS } from '../../../../../src/findings/families/keycloak-providers.ts'
import { KEYCLOAK_REALM_FINDINGS } from '../../../../../src/findings/families/keycloak-realm.ts'
import { KEYCLOAK_SERVER_FINDINGS } from '../../../../../src/findings/families/keycloak-server.ts'
import { judgeKeycloak } from '../../../../../src/targets/keycloak/check/judge-keycloak.ts'
import { CASES } from './cases.ts'
import {
  attribute,
  CLIENT_SECRET,
  ends,
  profiled,
  provider,
  SOUND_PEPPER,
  seeing,
  set,
  sound,
  soundProfile,
  told,
  toldOf,
} from './sound-keycloak.ts'

const codesOf = (judged: typeof sound): readonly string[] => judgeKeycloak(judged).map(({ code }) => code)

describe('the check of Keycloak', () => {
  it('finds nothing where everything is right', () => {
    expect(judgeKeycloak(sound)).toEqual([])
  })

  it.each(CASES)('$code when $when, and nothing else', ({ code, judged, says, remedy, count }) => {
    const findings = judgeKeycloak(judged)
    expect(findings.map((finding) => finding.code)).toEqual([code])
    const [found] = findings
    expect(found?.severity).toBe(FINDINGS[code].severity)
    expect(found?.message).toMatch(says)
    expect(found?.remedy.join('\n')).toMatch(remedy)
    expect(found).toMatchObject(count === undefined ? {} : { count })
  })

  it('has a case for every code of its catalogue', () => {
    const codes = {
      ...KEYCLOAK_SERVER_FINDINGS,
      ...KEYCLOAK_REALM_FINDINGS,
      ...KEYCLOAK_PROVIDER_FINDINGS,
      ...KEYCLOAK_ACCOUNT_FINDINGS,
    }
    // Several nodes are a case of their own, below.
    const shown = [...CASES.map(({ code }) => code), 'KEYCLOAK_NODES']
    expect(new Set(shown)).toEqual(new Set([...Object.keys(codes), 'OAUTH_DELEGATED']))
  })

  it.each(CASES)('never prints a pepper or secret ($code when $when)', ({ judged }) => {
    const text = JSON.stringify(judgeKeycloak(judged))
    for (const secret of [CLIENT_SECRET, SOUND_PEPPER, judged.pepper ?? SOUND_PEPPER])
      expect(text).not.toContain(secret)
  })

  it('asks nothing of passwords when there are none', () => {
    expect(codesOf({ ...told(undefined), passwords: 0 })).toEqual([])
    expect(codesOf({ ...set({ passwordPolicy: 'length(12)' }), passwords: 0 })).toEqual([])
  })

  it('says of a client that may do little which roles it lacks, and nothing of what it could not read', () => {
    const { missingRealmRoles, missingGroups, federations, canaryClients } = sound.seen
    const seen = {
      servers: [],
      missingRealmRoles,
      missingGroups,
      federations,
      canaryClients,
      missingRoles: ['manage-realm'] as const,
    }
    expect(codesOf({ ...sound, seen })).toEqual(['KEYCLOAK_ROLES_MISSING'])
  })

  it.each(['http://localhost:8080', 'http://127.0.0.1', 'http://[::1]:8080'])(
    'lets %s be: nobody listens in between',
    (url) => {
      expect(codesOf({ ...sound, config: { ...sound.config, url } })).toEqual([])
    },
  )

  it('does not mind a required address that everybody has', () => {
    const judged = profiled('email', attribute('email', { required: { roles: ['user'], scopes: [] } }))
    expect(codesOf(judged)).toEqual([])
  })

  it('does not mind a required attribute that the mapping makes, or that one app only asks for', () => {
    const required = { roles: ['user'], scopes: [] }
    expect(codesOf(profiled('displayname', attribute('displayname', { required })))).toEqual([])
    expect(codesOf(profiled('team', attribute('team', { required: { ...required, scopes: ['team'] } })))).toEqual([])
  })

  it('does not mind what people lack where nobody looks at a login', () => {
    const judged = profiled('team', attribute('team', { required: { roles: ['user'], scopes: [] } }))
    const requiredActions = [{ alias: 'VERIFY_PROFILE', enabled: false, defaultAction: false }]
    expect(codesOf({ ...judged, people: undefined, seen: { ...judged.seen, requiredActions } })).toEqual([])
  })

  it('takes attributes for declared where administrators may write any, and for forgeable where people may', () => {
    const attributes = soundProfile.attributes.filter(({ name }) => !name.startsWith('syn2op'))
    const open = (unmanagedAttributePolicy: 'ADMIN_EDIT' | 'ENABLED' | 'ADMIN_VIEW'): readonly string[] =>
      codesOf(seeing({ profile: { attributes, unmanagedAttributePolicy } }))
    expect(open('ADMIN_EDIT')).toEqual([])
    expect(open('ENABLED')).toEqual(['KEYCLOAK_MARKS_EDITABLE'])
    expect(open('ADMIN_VIEW')).toEqual(['KEYCLOAK_ATTRIBUTES_UNDECLARED'])
  })

  it('says nothing of providers that nobody uses, be they named rightly or not', () => {
    const unused = { ...sound, providersInUse: [{ authProvider: 'oidc-old', count: 0 }] }
    expect(codesOf(unused)).toEqual([])
    expect(codesOf({ ...unused, seen: { ...sound.seen, identityProviders: [] } })).toEqual([])
    const elsewhere = provider({ config: { issuer: 'https://elsewhere.example.org' } })
    expect(codesOf({ ...elsewhere, providersInUse: [] })).toEqual([])
  })

  it.each<[string, Parameters<typeof ends>]>([
    ['GitHub', [{ issuer: 'https://github.com/', subject: 'the claim id' }, { providerId: 'github' }]],
    ['GitHub, by a template', [{ issuer: 'https://github.com', subject: '{{ user.id }}' }, { providerId: 'github' }]],
    [
      'a GitHub of one’s own',
      [
        { issuer: 'https://gh.example.org', subject: 'the claim id' },
        { providerId: 'github', config: { baseUrl: 'x' } },
      ],
    ],
    ['Google, as another client', [{ clientId: 'matrix' }, { providerId: 'google', config: { clientId: 'keycloak' } }]],
    ['one that checks no issuer', [{ issuer: 'https://sso.example.org' }, { config: {} }]],
    ['one of several issuers', [{}, { config: { issuer: 'https://a.example.org,https://accounts.google.com' } }]],
    [
      'Entra, by another version',
      [
        { issuer: 'https://login.microsoftonline.com/t-1/v2.0' },
        { config: { issuer: 'https://sts.windows.net/t-1/', clientId: 'of-both' } },
      ],
    ],
    ['SAML by an attribute', [{ kind: 'saml' }, { providerId: 'saml', config: { principalType: 'ATTRIBUTE' } }]],
  ])('takes %s for the same at both ends', (_, [ofSynapse, ofKeycloak]) => {
    expect(codesOf(ends(ofSynapse, ofKeycloak))).toEqual([])
  })

  it('judges every node that answers, and says of how many it is true', () => {
    const [sane, other] = [toldOf(SOUND_PEPPER), toldOf('another-pepper-9Zq')]
    expect(codesOf(told(sane, { ...sane }))).toEqual(['KEYCLOAK_NODES'])
    const findings = judgeKeycloak(told(sane, other, undefined))
    expect(findings.map(({ code }) => code)).toEqual(['KEYCLOAK_NODES', 'KEYCLOAK_PEPPER', 'KEYCLOAK_PROVIDER_MISSING'])
    expect(findings.map(({ message }) => message)).toEqual([
      '3 nodes of Keycloak have answered, and each was looked at.',
      expect.stringMatching(/differ\. So on 1 of the 3 nodes that answered\.$/),
      expect.stringMatching(/So on 1 of the 3 nodes that answered\.$/),
    ])
  })

  it('says once what is true of all nodes', () => {
    expect(judgeKeycloak(told(undefined, undefined))[1]?.message).not.toContain('nodes that answered')
  })

  it.each(['9f2c4e6a8b0d1f3e5a7c', 'q7Lw2Zt9Xb4Rm6Kp', 'Zm9vYmFyYmF6cXV4MTIzNA'])(
    'takes a random pepper such as %s for strong',
    (pepper) => {
      expect(codesOf({ ...told(toldOf(pepper)), pepper })).toEqual([])
    },
  )

  it('does not judge the tokens of a realm by those of another', () => {
    const judged = set({ accessTokenLifespan: 4 })
    const client = { ...sound.config.client, realm: 'master' }
    expect(codesOf({ ...judged, config: { ...sound.config, client } })).toEqual([])
  })
})
