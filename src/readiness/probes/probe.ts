import type { ReadinessFault, ReadinessProbe } from '../../report/readiness-document.ts'
import type { Evidence } from '../evidence.ts'

/** Every probe, in the order in which they are shown. */
export const PROBE_CODES = [
  // The homeserver.
  'WELL_KNOWN',
  'WELL_KNOWN_OP',
  'VERSIONS',
  'METADATA_STABLE',
  'METADATA_UNSTABLE',
  'METADATA_SAME',
  'AUTH_ISSUER',
  'METADATA_REQUIRED',
  'METADATA_VALUES',
  'METADATA_HTTPS',
  'METADATA_OPTIONAL',
  'HOMESERVER_CORS',
  'TOKENS_CHECKED',
  'MAS_API',
  'LOGIN_FLOWS',
  'LEGACY_PASSWORD',
  'LEGACY_SSO',
  'OAUTH_AWARE',
  'LEGACY_LOGOUT',
  'LEGACY_REFRESH',
  'LEGACY_SIGN_UP',
  'CAPABILITIES',
  'BRIDGES',
  'BRIDGE_DEVICES',
  'QR_RENDEZVOUS',
  // The OP.
  'OP_DISCOVERY',
  'OP_SAME',
  'OP_ROUTES',
  'OP_KEYS',
  'OP_CORS',
  'INTROSPECTION',
  'SIGN_UP',
  'ACCOUNT_PAGE',
  'ACCOUNT_ACTIONS',
  'QR_GRANT',
  'OP_SIGN_OUT',
  'SIGN_OUT_NOTICES',
  'REGISTRATION',
  'REGISTRATION_NATIVE',
  'SCOPE_STABLE',
  'SCOPE_UNSTABLE',
  'REVOCATION',
  'QR_DEVICE',
] as const

export type ProbeCode = (typeof PROBE_CODES)[number]

const OF_OP: ReadonlySet<string> = new Set(PROBE_CODES.slice(PROBE_CODES.indexOf('OP_DISCOVERY')))

/** Whether it judges what an OP was asked. */
export const isOfOp = (code: ProbeCode): boolean => OF_OP.has(code)

/** What is known of a probe before anything is asked; docs/reference/readiness.md is made from it. */
export interface ProbeEntry {
  readonly code: ProbeCode
  readonly part: ReadinessProbe['part']
  /** What has to be so, one sentence without a full stop. */
  readonly title: string
  readonly spec: string
  readonly stability: ReadinessProbe['stability']
  /** Of a failure. */
  readonly level: ReadinessProbe['level']
  /** What people meet where it fails: which clients, what they show. */
  readonly why: string
  /** What it leaves behind, and who takes it away; only of probes that do. */
  readonly traces?: string
}

export type Judgement =
  | { readonly result: 'pass'; readonly seen: string }
  | {
      readonly result: 'fail'
      readonly seen: string
      readonly remedy: readonly string[]
      readonly faults?: readonly ReadinessFault[]
      /** Where this failure weighs other than the probe's own level says. */
      readonly level?: ReadinessProbe['level']
    }
  | { readonly result: 'not asked'; readonly seen: string; readonly remedy?: readonly string[] }

/** Pure: the same evidence gives the same judgement. */
export interface Probe extends ProbeEntry {
  readonly judge: (evidence: Evidence) => Judgement
}

/** The ids of clients that probes and abilities speak of. */
export const CLIENTS = {
  'element-x': { name: 'Element X', kind: 'OIDC-native' },
  'element-web': { name: 'Element Web and Desktop', kind: 'OIDC-native' },
  'fluffychat': { name: 'FluffyChat', kind: 'OIDC-native' },
  'aware': { name: 'Element Classic and other OIDC-aware apps', kind: 'OIDC-aware' },
  'legacy-password': { name: 'Apps and bots with a password', kind: 'legacy' },
  'legacy-sso': { name: 'Apps with legacy SSO (Cinny)', kind: 'legacy' },
} as const

export type ClientId = keyof typeof CLIENTS
