import type { Backends } from '../rehearsal/backends.ts'
import type { RehearseOptions } from '../rehearsal/rehearse.ts'
import type { MovedAccount } from './moved-account.ts'
import type { RehearsalBackends, RehearsalOptions } from './options.ts'
import { readable } from './readable.ts'
import { type RehearsalResult, rehearsalResult } from './rehearsal-result.ts'

/** Reads of the source at the same time: a test's people are few. */
const READERS = 2

/**
 * Goes through a whole migration on services that are thrown away, by the code that does it for real: check, plan, migrate, verify,
 * logins and old tokens, rollback, and a second plan. Nothing of it is left afterwards, also where it fails; what cannot be ended, as
 * on a given server that went away, is told to `note`, or by `console.warn`. What the migration itself comes to is in the result,
 * with the verdict `failed` and its reasons, and is not raised.
 * @throws Syn2opError where what was given is wrong (usage, config.*, mapping.invalid), where no service can be had
 * (rehearsal.no-backend), where the signal ends it (run.interrupted)
 */
export const rehearse = async (
  options: RehearsalOptions & { readonly backends?: RehearsalBackends },
): Promise<RehearsalResult> => {
  try {
    const { backendsOf } = await import('./backends-of.ts')
    return await rehearseOn(await backendsOf(options.backends ?? {}), options)
  } catch (error) {
    throw readable(error)
  }
}

/** Databases do not wait for disks: a test asks whether it works, not how long the night will be. */
export const DURABILITY = 'throw-away'

export const rehearseOn = async (backends: Backends, options: RehearsalOptions): Promise<RehearsalResult> => {
  const { target = 'mas', mapping, targetConfig, accept = [], note } = options
  const { rehearse: goThrough } = await import('../rehearsal/rehearse.ts')
  const { pathOf } = await import('./backends-of.ts')
  const { silentProgress } = await import('../targets/progress.ts')
  const { lookAtAccounts } = await import('./look-at-accounts.ts')
  const seen: { accounts?: readonly MovedAccount[]; error?: unknown } = {}
  const document = await goThrough({
    people: await peopleOf(options.people),
    durability: DURABILITY,
    target,
    ...(targetConfig === undefined ? {} : { targetConfig: [targetConfig].flat().map(pathOf) }),
    ...(mapping === undefined ? {} : { mapping: pathOf(mapping) }),
    backends,
    afterwards: 'ended',
    readers: READERS,
    accept,
    // Ours, not the migration's: what goes wrong here is no failure of a step.
    look: async (request, run) => {
      try {
        seen.accounts = await lookAtAccounts(request, run)
      } catch (error) {
        seen.error = error
      }
    },
    ...(note === undefined ? { noteLeft: warn, progress: silentProgress } : { progress: { ...silentProgress, note } }),
    signal: options.signal ?? new AbortController().signal,
  })
  if ('error' in seen) throw seen.error
  return rehearsalResult(document, seen.accounts)
}

/** Test runners show it beside the test: people's hashes that stay on a server may not go unsaid. */
const warn = (message: string): void => {
  // biome-ignore lint/suspicious/noConsole: we have no other way to whoever runs a test that gave no note
  console.warn(message)
}

const peopleOf = async (people: RehearsalOptions['people']): Promise<RehearseOptions['people']> => {
  if (typeof people === 'string' || people instanceof URL) {
    const { loadSample } = await import('../rehearsal/sample/load-sample.ts')
    const { pathOf } = await import('./backends-of.ts')
    return (stage) => loadSample(pathOf(people), stage)
  }
  const { syntheticSource } = await import('../rehearsal/synthetic/synthetic-source.ts')
  return (stage) => syntheticSource(people, stage)
}
