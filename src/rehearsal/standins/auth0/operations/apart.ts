import type { Body } from './payload.ts'

/** What is not changed in one request. */
const APART = [
  ['username', 'password'],
  ['username', 'email'],
  ['username', 'email_verified'],
  ['password', 'email'],
  ['password', 'email_verified'],
] as const

/** What a body changes that goes in two requests, in Auth0's words; undefined: nothing. */
export const togetherIn = (body: Body): string | undefined => {
  const found = APART.find((pair) => pair.every((field) => body[field] !== undefined))
  return found === undefined ? undefined : `Cannot update ${found[0]} and ${found[1]} simultaneously`
}
