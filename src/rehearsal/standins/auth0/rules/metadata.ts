import { FORBIDDEN_ATTRIBUTE, pageSays } from './pages.ts'
import { article, inferred } from './published.ts'
import { importTrial, row, rowRule } from './row-rule.ts'
import type { Rule } from './rule.ts'

/** Names that `app_metadata` must not have. */
const FORBIDDEN_KEYS = [
  '__tenant',
  '_id',
  'blocked',
  'clientID',
  'created_at',
  'email_verified',
  'email',
  'globalClientID',
  'global_client_id',
  'identities',
  'lastIP',
  'lastLogin',
  'loginsCount',
  'metadata',
  'multifactor_last_modified',
  'multifactor',
  'updated_at',
  'user_id',
]

const keysRule = (field: 'app_metadata' | 'user_metadata'): Rule =>
  rowRule({
    id: `row.${field}.keys`,
    says: `No key in \`${field}\`, at any depth, has a dot or a dollar sign.`,
    sources: [pageSays('metadata', 'Field names must not contain the `.` (dot) or `$` (dollar sign) characters.')],
    path: field,
    check: { kind: 'keys without', characters: '.$' },
    code: 'NOT_PASSED',
    keeps: row({ [field]: { matrix: { mxid: '@ada:example.org' } } }),
    breaks: [
      { wrong: 'a dot', row: row({ [field]: { 'matrix.mxid': '@ada:example.org' } }) },
      { wrong: 'a dollar sign', row: row({ [field]: { $set: true } }) },
      { wrong: 'a Matrix id as a key, inside', row: row({ [field]: { known: [{ '@ada:example.org': true }] } }) },
    ],
  })

/** What metadata may hold. */
export const METADATA_RULES: readonly Rule[] = [
  rowRule({
    id: 'row.app_metadata.forbidden',
    says: `\`app_metadata\` has none of ${FORBIDDEN_KEYS.length} properties of the profile.`,
    sources: [
      pageSays('metadata', 'The `app_metadata` field must not contain any of these properties:'),
      FORBIDDEN_ATTRIBUTE,
    ],
    path: 'app_metadata',
    check: { kind: 'none of', properties: FORBIDDEN_KEYS },
    code: 'NOT_PASSED',
    keeps: row({ app_metadata: { matrix: { created_at: 1 } } }),
    breaks: [
      { wrong: FORBIDDEN_KEYS[0] ?? '', row: row({ app_metadata: { [FORBIDDEN_KEYS[0] ?? '']: 1 } }) },
      ...FORBIDDEN_KEYS.slice(1).map((key) => ({ wrong: key, row: row({ app_metadata: { [key]: 1 } }) })),
    ],
  }),
  keysRule('app_metadata'),
  keysRule('user_metadata'),
  {
    id: 'row.profile.size',
    says: 'A profile has at most 10 KB, of 1,024 bytes each: writes above it may fail, and an import does.',
    sources: [
      pageSays(
        'metadata',
        'Writes that cause profiles to exceed this size limit succeed for now, but may start to fail.',
      ),
      article(
        'docs: add PROFILE_SIZE_EXCEEDED to bulk user import error codes (auth0/docs-v2#1400)',
        'https://github.com/auth0/docs-v2/pull/1400',
        "The bulk user import worker now emits a `PROFILE_SIZE_EXCEEDED` error code when a user's profile exceeds the maximum allowed size.",
      ),
      inferred(pageSays('metadata', '* Auth0 user profiles have a size limit of 10 KB.')),
    ],
    keeps: importTrial(row({ app_metadata: { matrix: 'm'.repeat(8000) } })),
    breaks: [
      {
        wrong: 'app_metadata of more',
        ...importTrial(row({ app_metadata: { matrix: 'm'.repeat(10_240) } })),
        refusal: { kind: 'row', index: 0, code: 'PROFILE_SIZE_EXCEEDED' },
      },
      {
        wrong: 'both together',
        ...importTrial(row({ app_metadata: { a: 'm'.repeat(6000) }, user_metadata: { a: 'm'.repeat(6000) } })),
        refusal: { kind: 'row', index: 0, code: 'PROFILE_SIZE_EXCEEDED' },
      },
      {
        wrong: 'fewer characters, of four bytes each',
        ...importTrial(row({ app_metadata: { a: '🦀'.repeat(2600) } })),
        refusal: { kind: 'row', index: 0, code: 'PROFILE_SIZE_EXCEEDED' },
      },
    ],
  },
]
