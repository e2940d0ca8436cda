import type { ReadinessFault } from '../../report/readiness-document.ts'
import type { Evidence } from '../evidence.ts'
import { unreadable } from '../http/web-reader.ts'
import { faultWords } from './fault-words.ts'
import { fieldFaults } from './field-faults.ts'
import type { NativeClient } from './field-rules.ts'
import { errcodeOf, type JsonObject, type MetadataPath, memberOf, metadataReading } from './reading.ts'
import { listedVersions, lists15, listsFrom15 } from './versions.ts'
import { writtenFaults } from './written-faults.ts'

/** Whether a client takes what stands at the one address that it asks. */
export interface ClientMetadata {
  /** Undefined where /versions tells and was not read. */
  readonly path: MetadataPath | undefined
  readonly accepted: boolean | 'unknown'
  /** One sentence without a full stop. */
  readonly why: string
  /**
   * 'no OAuth': the homeserver says that it has none, and the client goes its other way without a complaint.
   * 'registration': Element X takes the document, shows its button, and fails once it is pressed.
   */
  readonly refused?: 'no OAuth' | 'answer' | 'fields' | 'cors' | 'registration'
  /** The faults because of which this client does not take it. */
  readonly faults: readonly ReadinessFault[]
}

/** As people know them. */
export const PATH_WORDS: Readonly<Record<MetadataPath, string>> = {
  metadataStable: '/_matrix/client/v1/auth_metadata',
  metadataUnstable: '/_matrix/client/unstable/org.matrix.msc2965/auth_metadata',
}

/**
 * The address that a client asks. It never falls back to the other one: Element X takes the stable one where
 * any version from v1.15 on is listed, Element Web where exactly v1.15 is, FluffyChat always.
 */
export const pathFor = (client: NativeClient, evidence: Evidence): MetadataPath | undefined => {
  if (client === 'fluffychat') return 'metadataStable'
  const listed = listedVersions(evidence)
  if (listed === undefined) return undefined
  const stable = client === 'element-x' ? listsFrom15(listed) : lists15(listed)
  return stable ? 'metadataStable' : 'metadataUnstable'
}

/** What Element X finds out only at its button. */
const onlyRegistrationIsAbsent = (faults: readonly ReadinessFault[], document: JsonObject): boolean =>
  faults.every((fault) => fault.field === 'registration_endpoint') &&
  (memberOf(document, 'registration_endpoint') ?? null) === null

const atPath = (client: NativeClient, path: MetadataPath, evidence: Evidence): ClientMetadata => {
  const reading = metadataReading(evidence, path)
  const where = PATH_WORDS[path]
  if (reading.state === 'not asked') {
    return { path, accepted: 'unknown', why: `${where} was not asked: ${reading.why}`, faults: [] }
  }
  if (reading.state === 'unreachable') {
    return { path, accepted: false, refused: 'answer', why: `${where} was not answered: ${reading.why}`, faults: [] }
  }
  const { answer } = reading
  const hidden = client === 'element-web' ? unreadable(answer, evidence.origin) : undefined
  if (hidden !== undefined) {
    const why = `${where} may not be read by a page of ${evidence.origin}: it ${hidden.what}`
    return { path, accepted: false, refused: 'cors', why, faults: [] }
  }
  if (reading.state === 'no OAuth') {
    return { path, accepted: false, refused: 'no OAuth', why: `${where} says that there is no OAuth`, faults: [] }
  }
  if (reading.state === 'wrong') {
    const code = errcodeOf(answer)
    const said = code === undefined ? `${answer.status}` : `${answer.status} ${code}`
    const what = answer.status === 200 ? 'something that is no JSON object' : said
    return { path, accepted: false, refused: 'answer', why: `${where} answers ${what}`, faults: [] }
  }
  const found = [...writtenFaults(answer.text), ...fieldFaults(reading.document)]
  const faults = found.filter((fault) => fault.breaks.includes(client))
  if (faults.length === 0) return { path, accepted: true, why: `${where} has all that it asks for`, faults }
  const named = faultWords(faults)
  const refused =
    client === 'element-x' && onlyRegistrationIsAbsent(faults, reading.document) ? 'registration' : 'fields'
  return { path, accepted: false, refused, why: `in the answer of ${where}, ${named}`, faults }
}

/** Whether a client takes the homeserver's metadata, at the address that it asks. */
export const metadataFor = (client: NativeClient, evidence: Evidence): ClientMetadata => {
  const path = pathFor(client, evidence)
  if (path !== undefined) return atPath(client, path, evidence)
  if (evidence.asked.versions !== undefined) {
    const why = '/_matrix/client/versions has no answer that tells which address to ask'
    return { path, accepted: false, refused: 'answer', why, faults: [] }
  }
  const both = [atPath(client, 'metadataStable', evidence), atPath(client, 'metadataUnstable', evidence)] as const
  // Whatever the client would choose, it would find the same.
  if (both[0].accepted === both[1].accepted) return { ...both[0], path }
  const why = '/_matrix/client/versions was not asked, which tells which address it takes'
  return { path, accepted: 'unknown', why, faults: [] }
}
