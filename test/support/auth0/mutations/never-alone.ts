/** By the id of a rule: another that is broken whenever it is, and why. */
export const NEVER_ALONE: Readonly<Record<string, { readonly with: string; readonly because: string }>> = {
  'row.username.longest-of-all': {
    with: 'row.username.longest',
    because: 'no connection takes more than 128 letters',
  },
  'row.custom_password_hash.hash.encoding.one-of': {
    with: 'row.custom_password_hash.utf8-only.encoding',
    because: 'of the three encodings bcrypt takes one',
  },
}
