import type { Evidence } from '../evidence.ts'
import type { Ask } from '../http/exchange.ts'
import { homeserverMetadata, opMetadata } from '../metadata/accepted.ts'
import { memberOf } from '../metadata/reading.ts'
import type { Subject } from '../subject.ts'
import { askHomeserver } from './homeserver.ts'
import { leftBehind } from './left-behind.ts'
import { askDiscovery, askEndpoints } from './op.ts'
import { patiently } from './patience.ts'
import { opProduct } from './products.ts'
import { recordingOf } from './recording.ts'
import { askWithTraces } from './traces.ts'

export interface GatherOptions {
  /** Told what is asked next, a few words for people. */
  readonly note?: (words: string) => void
  /**
   * Takes away what was left at the OP, when `ask` may no more because its signal is aborted: an Ask with a signal of its own. `ask`
   * itself unless it is said.
   */
  readonly cleanUp?: Ask
  /** Waits so many milliseconds, and throws the signal's reason. Absent: no server is waited for that has too many questions. */
  readonly wait?: (milliseconds: number) => Promise<void>
}

/**
 * Asks everything that may be asked: the homeserver first, then the OP that it names, or the one that was given. Nothing that
 * leaves a trace unless the subject allows it.
 * @throws the signal's reason, after what was registered has been taken away
 */
export const gather = async (
  subject: Subject,
  ask: Ask,
  { note = () => undefined, cleanUp = ask, wait }: GatherOptions = {},
): Promise<Evidence> => {
  const recording = recordingOf(wait === undefined ? { ask, askOnce: ask } : patiently(ask, { wait, note }))
  if (subject.serverName !== undefined || subject.baseUrl !== undefined) note('Asking the homeserver')
  const { baseUrl, applicationServices } = await askHomeserver(subject, recording)

  const known = {
    ...(subject.serverName === undefined ? {} : { serverName: subject.serverName }),
    ...(baseUrl === undefined ? {} : { baseUrl }),
    applicationServices,
    origin: subject.origin,
  }
  const evidence = (): Evidence => ({
    ...known,
    ...issuerOf(subject, { ...known, ...recording.parts() }),
    ...recording.parts(),
  })
  const { issuer } = evidence()
  if (issuer !== undefined) note('Asking the OP')
  await askDiscovery(issuer, subject, recording)
  const metadata = opMetadata(evidence())?.document
  await askEndpoints({ metadata, product: opProduct(evidence()) }, subject, recording)

  if (subject.traces === 'allowed' && metadata !== undefined) note('Registering a client at the OP, and asking as that')
  try {
    await askWithTraces({ metadata, issuer, baseUrl, subject, recording, cleanUp })
  } catch (error) {
    for (const left of leftBehind(evidence())) note(left)
    throw error
  }
  return evidence()
}

const issuerOf = (subject: Subject, evidence: Evidence): Pick<Evidence, 'issuer' | 'issuerFrom'> => {
  if (subject.op !== undefined) return { issuer: subject.op, issuerFrom: 'given' }
  const issuers = homeserverMetadata(evidence).map(({ document }) => memberOf(document, 'issuer'))
  const issuer = issuers.find((one) => typeof one === 'string')
  return issuer === undefined ? {} : { issuer, issuerFrom: 'homeserver' }
}
