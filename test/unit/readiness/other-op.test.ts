import { describe, expect, it } from 'vitest'
import { abilitiesOf } from '../../../src/readiness/abilities/abilities.ts'
import { opProduct } from '../../../src/readiness/gather/products.ts'
import { judgeAll } from '../../../src/readiness/probes/all-probes.ts'
import type { ProbeCode } from '../../../src/readiness/probes/probe.ts'
import type { ReadinessDeed } from '../../../src/report/readiness-document.ts'
import { answered, failed } from '../../support/readiness/evidence.ts'
import { OPS } from '../../support/readiness/ops.ts'
import { PRODUCTS, productWith } from '../../support/readiness/whole-products.ts'

const KEYCLOAK = OPS['Keycloak, as it comes']
const NAMED = { issuer: KEYCLOAK.issuer ?? '', issuerFrom: 'given' } as const

/** A homeserver that works with MAS, and Keycloak named by --op. */
const other = productWith('Synapse and MAS', KEYCLOAK.asked, NAMED)

const probe = (code: ProbeCode, evidence = other) => judgeAll(evidence).find((one) => one.code === code)

const can = (client: string, deed: ReadinessDeed, evidence = other) =>
  abilitiesOf(evidence, judgeAll(evidence)).find((one) => one.client === client && one.deed === deed)

describe('an OP named by --op where the homeserver works with another one', () => {
  it('is judged alone: by its own documents, and what it is too', () => {
    expect(opProduct(other)).toBe('Keycloak')
    expect(probe('ACCOUNT_PAGE')).toMatchObject({
      result: 'fail',
      level: 'error',
      seen: expect.stringContaining('has no'),
    })
    expect(JSON.stringify(judgeAll(other).filter(({ part }) => part === 'op'))).not.toContain('auth.example.org')
  })

  it('is said to be another', () => {
    expect(probe('OP_SAME')).toMatchObject({
      result: 'fail',
      seen: expect.stringContaining('https://auth.example.org/, not with'),
    })
  })

  it('says nothing of the homeserver, which is judged as if its own OP had not been asked', () => {
    const ofHomeserver = (evidence = other) =>
      judgeAll(evidence).slice(
        0,
        judgeAll(evidence).findIndex(({ code }) => code === 'OP_DISCOVERY'),
      )
    expect(ofHomeserver()).toEqual(ofHomeserver(PRODUCTS['Synapse and MAS']))
  })

  it('has no document to judge where it serves none: that of the homeserver is not its', () => {
    const evidence = productWith(
      'Synapse and MAS',
      { opConfiguration: answered(404), opOauthMetadata: answered(404) },
      NAMED,
    )
    expect(opProduct(evidence)).toBeUndefined()
    expect(probe('OP_DISCOVERY', evidence)).toMatchObject({ result: 'fail' })
    expect(probe('ACCOUNT_PAGE', evidence)).toMatchObject({
      result: 'not asked',
      seen: expect.stringContaining('OP_DISCOVERY says why'),
    })
  })

  it('has none either where what it serves calls itself by another issuer: that is of another, such as the homeserver’s', () => {
    const evidence = productWith('Synapse and MAS', {}, NAMED)
    expect(evidence.asked.opConfiguration?.answer?.status).toBe(200)
    expect(opProduct(evidence)).toBeUndefined()
    expect(probe('OP_DISCOVERY', evidence)).toMatchObject({
      result: 'fail',
      seen: expect.stringContaining('calls itself'),
    })
    expect(probe('ACCOUNT_PAGE', evidence)).toMatchObject({ result: 'not asked' })
  })

  it('lets what clients do at the OP of the homeserver be unknown, and takes nothing from the rest', () => {
    for (const deed of ['log in', 'sign up', 'log out', 'manage account', 'manage devices'] as const) {
      expect(can('element-x', deed)).toMatchObject({
        can: 'unknown',
        because: [{ words: expect.stringContaining('--op') }],
      })
    }
    const alone = PRODUCTS['Synapse and MAS']
    expect(can('legacy-password', 'log in')).toEqual(can('legacy-password', 'log in', alone))
    expect(can('legacy-sso', 'log out')).toEqual(can('legacy-sso', 'log out', alone))
  })

  it('lets what the homeserver itself keeps people from be so', () => {
    const evidence = productWith('Synapse and MAS', { ...KEYCLOAK.asked, versions: failed() }, NAMED)
    expect(can('element-x', 'log in', evidence)).toMatchObject({ can: 'no' })
  })

  it('is the same where the slash at the end is all that differs', () => {
    const evidence = productWith('Synapse and MAS', {}, { issuer: 'https://auth.example.org', issuerFrom: 'given' })
    expect(opProduct(evidence)).toBe('MAS')
    expect(probe('ACCOUNT_PAGE', evidence)).toEqual(probe('ACCOUNT_PAGE', PRODUCTS['Synapse and MAS']))
    expect(can('element-x', 'manage account', evidence)).toMatchObject({ can: 'yes' })
  })

  it('is told of by a secret what is of itself: whether Synapse asks its own MAS says nothing of it', () => {
    const refused = answered(401, { error: 'invalid_client' })
    const evidence = productWith(
      'Synapse and MAS',
      { introspectSecret: refused },
      { issuer: 'https://new.example.org/', issuerFrom: 'given' },
    )
    expect(probe('INTROSPECTION', evidence)).toMatchObject({
      level: 'error',
      seen: expect.stringContaining('has another secret'),
    })
  })
})
