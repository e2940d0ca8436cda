import type { RowError } from '../api/jobs-api.ts'

/** Its words name every identifier, whichever it was. */
const SOMEBODY_IS_THERE = 'DUPLICATED_USER'

/**
 * Whether a row was refused for this field: for another, such as one that the connection requires, it says nothing. Auth0 names a field
 * as it was given, as its own column is called (`passwordHash`), or within an identity (`identities[0].profileData.email`), in the path
 * or in the words.
 */
export const isAbout = (errors: readonly RowError[], field: string): boolean =>
  errors.some(
    ({ code, path, message }) =>
      code !== SOMEBODY_IS_THERE && [path, message].some((text) => bare(text ?? '').includes(bare(field))),
  )

const bare = (text: string): string => text.toLowerCase().replaceAll('_', '')

/** Codes and words of a refusal. */
export const inWords = (errors: readonly RowError[]): string =>
  errors.map(({ code, message, path }) => `${code}${path === undefined ? '' : ` at ${path}`}: ${message}`).join('; ')
