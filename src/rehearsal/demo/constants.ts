/** One SSO provider of the demo, on both sides. */
export interface DemoProvider {
  /** Its name in `user_external_ids.auth_provider`. */
  readonly authProvider: string
  /** Synapse's `idp_id`; absent for the provider that was configured without one, which Synapse then calls `oidc`. */
  readonly idpId?: string
  /** MAS's identifier as its configuration writes it. */
  readonly ulid: string
  /** The same as MAS's database stores it. */
  readonly uuid: string
  readonly name: string
  readonly issuer: string
}

/** What every demo homeserver has in common. Nothing here is a secret: it is in the source code. */
export const DEMO = {
  serverName: 'demo.example',
  /** `password_config.pepper` and the secret of MAS's bcrypt scheme: appended to the NFKC password. */
  pepper: 'a pinch of demo pepper',
  /** MAS's `secrets.encryption`: constant, so that two rehearsals derive the same identifiers. */
  masEncryption: '64656d6f2064656d6f2064656d6f2064656d6f2064656d6f2064656d6f206f70',
  /** The demo's present, in milliseconds: 2026-11-01T00:00:00Z. Nothing but expiry times lies after it. */
  now: 1_793_491_200_000,
  /** An expiry time that stays in the future: 2045-01-01T00:00:00Z. */
  farFuture: 2_366_841_600_000,
  appserviceId: 'irc-bridge',
} as const

export const DEMO_PROVIDERS: readonly DemoProvider[] = [
  {
    authProvider: 'oidc-keycloak',
    idpId: 'keycloak',
    ulid: '01JDEMM0KEYC10AK0000000001',
    uuid: '01935d4a-026e-f302-054c-000000000001',
    name: 'Company login',
    issuer: 'https://keycloak.demo.example/realms/company',
  },
  {
    authProvider: 'oidc-github',
    idpId: 'github',
    ulid: '01JDEMM0G1THVB000000000002',
    uuid: '01935d4a-0201-d476-b000-000000000002',
    name: 'GitHub',
    issuer: 'https://github.demo.example',
  },
  {
    authProvider: 'oidc',
    ulid: '01JDEMM00PENC0NNECT0000003',
    uuid: '01935d4a-0016-7558-0ad5-ccd000000003',
    name: 'The first login we had',
    issuer: 'https://login.demo.example',
  },
]
