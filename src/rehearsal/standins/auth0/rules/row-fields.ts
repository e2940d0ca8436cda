import type { FieldType } from './rule.ts'

export interface TypedField {
  readonly field: string
  /** What errors call it, if not that. */
  readonly at?: string
  readonly is: FieldType
  /** As the page lists the field. */
  readonly quote: string
  readonly good: unknown
  readonly bad: unknown
}

/** The properties of a row. */
export const TYPED_FIELDS: readonly TypedField[] = [
  {
    field: 'email',
    is: 'string',
    quote: '<ResponseField name="email" type="string" required>',
    good: 'grace@example.com',
    bad: 7,
  },
  {
    field: 'email_verified',
    is: 'boolean',
    quote: '<ResponseField name="email_verified" type="boolean" default={false} post={ ["upsertable"] }>',
    good: false,
    bad: 'true',
  },
  {
    field: 'phone_number',
    is: 'string',
    quote: '<ResponseField name="phone_number" type="string">',
    good: '+12125550001',
    bad: 12125550001,
  },
  {
    field: 'phone_verified',
    is: 'boolean',
    quote: '<ResponseField name="phone_verified" type="boolean" default={false}>',
    good: true,
    bad: 'yes',
  },
  { field: 'user_id', is: 'string', quote: '<ResponseField name="user_id" type="string">', good: 'ada', bad: 1815 },
  { field: 'username', is: 'string', quote: '<ResponseField name="username" type="string">', good: 'ada', bad: 1815 },
  {
    field: 'given_name',
    is: 'string',
    quote: '<ResponseField name="given_name" type="string" post={ ["upsertable"] }>',
    good: 'Ada',
    bad: null,
  },
  {
    field: 'family_name',
    is: 'string',
    quote: '<ResponseField name="family_name" type="string" post={ ["upsertable"] }>',
    good: 'Lovelace',
    bad: ['Lovelace'],
  },
  {
    field: 'name',
    is: 'string',
    quote: '<ResponseField name="name" type="string" post={ ["upsertable"] }>',
    good: 'Ada Lovelace',
    bad: null,
  },
  {
    field: 'nickname',
    is: 'string',
    quote: '<ResponseField name="nickname" type="string" post={ ["upsertable"] }>',
    good: 'ada',
    bad: false,
  },
  {
    field: 'picture',
    is: 'string',
    quote: '<ResponseField name="picture" type="string" post={ ["upsertable"] }>',
    good: 'https://example.com/ada.png',
    bad: null,
  },
  { field: 'blocked', is: 'boolean', quote: '<ResponseField name="blocked" type="boolean">', good: true, bad: 1 },
  {
    field: 'password_hash',
    at: 'passwordHash',
    is: 'string',
    quote: '<ResponseField name="password_hash" type="string">',
    good: '$2b$10$nFguVi9LsCAcvTZFKQlRKeLVydo8ETv483lkNsSFI/Wl1Rz1Ypo1K',
    bad: null,
  },
  {
    field: 'custom_password_hash',
    is: 'object',
    quote: '<ResponseField name="custom_password_hash" type="object" post={ ["upsertable"] }>',
    good: {
      algorithm: 'bcrypt',
      hash: { value: '$2b$10$nFguVi9LsCAcvTZFKQlRKeLVydo8ETv483lkNsSFI/Wl1Rz1Ypo1K', encoding: 'utf8' },
    },
    bad: '$2b$10$nFguVi9LsCAcvTZFKQlRKeLVydo8ETv483lkNsSFI/Wl1Rz1Ypo1K',
  },
  {
    field: 'app_metadata',
    is: 'object',
    quote: '<ResponseField name="app_metadata" type="object" post={ [ "upsertable" ] }>',
    good: { plan: 'premium' },
    bad: ['premium'],
  },
  {
    field: 'user_metadata',
    is: 'object',
    quote: '<ResponseField name="user_metadata" type="object" post={ ["upsertable"] }>',
    good: { theme: 'light' },
    bad: 'light',
  },
  {
    field: 'mfa_factors',
    is: 'array',
    quote: '<ResponseField name="mfa_factors" type="array">',
    good: [{ totp: { secret: 'JBTWY3DPEHPK3PNP' } }],
    bad: { totp: { secret: 'JBTWY3DPEHPK3PNP' } },
  },
]
