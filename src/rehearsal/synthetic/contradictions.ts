import { didYouMean } from '../../errors/did-you-mean.ts'
import type { SyntheticDescription } from './people.ts'

const idOf = (one: string | { readonly id: string }): string => (typeof one === 'string' ? one : one.id)
const nameOf = (one: string | { readonly name: string }): string => (typeof one === 'string' ? one : one.name)

/** What Synapse's own tables would not take, and names that lead nowhere. */
export const contradictions = ({ people = [], providers, bridges }: SyntheticDescription): readonly string[] => {
  const problems: string[] = []
  const seen = new Map<string, string>()
  const once = (what: string, value: string, path: string): void => {
    const key = JSON.stringify([what, value])
    const first = seen.get(key)
    if (first === undefined) seen.set(key, path)
    else problems.push(`${path}: the ${what} ${value} is at ${first} too`)
  }
  const known = (
    names: readonly string[] | undefined,
    name: string,
    at: { readonly path: string; readonly list: string },
  ): void => {
    if (names === undefined || names.includes(name)) return
    const meant = didYouMean(name, names)
    problems.push(
      `${at.path} ${name} is not among the ${at.list}${meant === undefined ? '' : `; did you mean ${meant}?`}`,
    )
  }
  const [providerNames, bridgeIds] = [providers?.map(nameOf), bridges?.map(idOf)]
  for (const [index, name] of (providerNames ?? []).entries()) once('provider', name, `providers[${index}]`)
  for (const [index, id] of (bridgeIds ?? []).entries()) once('bridge', id, `bridges[${index}]`)
  for (const [index, one] of people.entries()) {
    const path = `people[${index}]`
    once('localpart', one.localpart, path)
    if ('bridge' in one) known(bridgeIds, one.bridge, { path: `${path}.bridge`, list: 'bridges' })
    if ('emails' in one) for (const address of one.emails ?? []) once('e-mail address', address, path)
    if ('phones' in one) for (const number of one.phones ?? []) once('phone', number, path)
    if ('devices' in one) for (const device of one.devices ?? []) once(`device of ${one.localpart}`, idOf(device), path)
    if ('identities' in one) {
      for (const { provider, subject } of one.identities ?? []) {
        once('identity', `${provider} ${subject}`, path)
        known(providerNames, provider, { path: `${path}.identities:`, list: 'providers' })
      }
    }
  }
  return problems
}
