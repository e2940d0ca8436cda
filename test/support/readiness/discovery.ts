import { readFileSync } from 'node:fs'

/** A document or an answer as a server really gives it: test/support/readiness/discovery. */
export const discovered = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`./discovery/${name}.json`, import.meta.url), 'utf8'))

/** The same where it is an object. */
export const discoveredDocument = (name: string): Readonly<Record<string, unknown>> =>
  discovered(name) as Readonly<Record<string, unknown>>
