import { expect, it } from 'vitest'
import { lostError } from '../../../../../src/targets/keycloak/api/failures.ts'

const remedyOf = (code: string): string =>
  lostError(
    { url: 'https://id.example.org' },
    { kind: 'lost', why: 'no connection can be made', code, sent: false },
  ).next.join(' ')

it('says of a port that speaks no TLS that it does not, and of a certificate what makes it known', () => {
  expect(remedyOf('EPROTO')).toContain('TLS is spoken')
  expect(remedyOf('EPROTO')).not.toContain('certificate')
  expect(remedyOf('SELF_SIGNED_CERT_IN_CHAIN')).toContain('NODE_EXTRA_CA_CERTS')
  expect(remedyOf('ECONNREFUSED')).toContain('keycloak.yaml')
})
