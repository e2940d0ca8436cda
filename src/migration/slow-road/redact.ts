import type { Account } from '../../accounts/account.ts'
import { redactUrls } from '../../errors/redact-urls.ts'
import type { Outcome } from '../../targets/changes.ts'

/** Outcomes without any secret of their batch: a target repeats what an API answered, and that may repeat a request. */
export const redactOutcomes = (outcomes: readonly Outcome[], accounts: readonly Account[]): readonly Outcome[] => {
  if (outcomes.every(({ message }) => message === undefined)) return outcomes
  const secrets = accounts.flatMap(({ passwordHash, accessTokens, refreshTokens }) => [
    ...(passwordHash === undefined ? [] : [passwordHash]),
    ...accessTokens.map(({ token }) => token),
    ...refreshTokens.map(({ token }) => token),
  ])
  const redact = (text: string): string =>
    redactUrls(secrets.reduce((left, secret) => left.replaceAll(secret, '[secret]'), text))
  return outcomes.map((one) => (one.message === undefined ? one : { ...one, message: redact(one.message) }))
}
