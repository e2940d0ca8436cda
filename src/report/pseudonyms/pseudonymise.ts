import { entryOf } from '../../findings/catalogue.ts'
import type { Finding } from '../../findings/finding.ts'
import { CONFLICT_REASONS } from '../conflict-reasons.ts'
import type { Document, RehearsalDocument } from '../documents.ts'
import type { DocumentOfTwo } from '../two-targets.ts'
import type { Pseudonyms } from './pseudonyms.ts'

/** Fields that hold a name, an address, a device or a value of somebody. */
const NAMES: ReadonlySet<string> = new Set(['mxid', 'device', 'wanted', 'present', 'samples'])

/** Fields that hold no text of a person: codes, fingerprints, seeds, places of databases, names of tables, cohorts and files. */
const KEPT: ReadonlySet<string> = new Set([
  'asOf',
  'authProvider',
  'becomes',
  'code',
  'cohort',
  'columns',
  'field',
  'file',
  'fingerprints',
  'kind',
  'mapping',
  'kept',
  'next',
  'reason',
  'relation',
  'runId',
  'services',
  'seed',
  'serverName',
  'source',
  'syn2op',
  'table',
  'target',
  'to',
  'toAccept',
])

/**
 * The same document without anybody's name: Matrix ids, localparts, addresses, devices and values of theirs are replaced.
 * Counts, codes, providers and places of databases stay; the hashes by which a run is bound to a plan go, since they are
 * those of names.
 */
export const pseudonymise = <Kind extends Document | DocumentOfTwo>(document: Kind, names: Pseudonyms): Kind =>
  (document.kind === 'rehearsal' ? rehearsalWithout(document, names) : walk(document, names)) as Kind

/**
 * The same of a rehearsal: what the error says that ended it is somebody else's text, in which localparts stand alone. Whose people it
 * was about is a place or a file, and its id a name of ours.
 */
const rehearsalWithout = (document: RehearsalDocument, names: Pseudonyms): RehearsalDocument => {
  const { id, people, failure, steps } = document
  const known = localpartsIn(document)
  const text = (sentence: string): string => names.text(sentence, known)
  return {
    ...(walk(document, names) as RehearsalDocument),
    id,
    people,
    steps: steps.map((step) => (step.why === undefined ? step : { ...step, why: text(step.why) })),
    ...(failure === undefined
      ? {}
      : {
          failure: {
            ...failure,
            message: text(failure.message),
            ...(failure.problems === undefined ? {} : { problems: failure.problems.map(text) }),
            ...(failure.next === undefined ? {} : { next: failure.next.map(text) }),
          },
        }),
  }
}

/** Shorter ones are too often words of the sentence. */
const SHORTEST_LOCALPART = 3

/** Of everybody whom the document names. */
const localpartsIn = (document: RehearsalDocument): readonly string[] => [
  ...new Set(
    [...JSON.stringify(document).matchAll(/(?<![\w.+-])@([^@\s"':,;()<>\\]+):[\w.-]+/gu)].flatMap(
      ([, localpart = '']) => (localpart.length < SHORTEST_LOCALPART ? [] : [localpart]),
    ),
  ),
]

const walk = (value: unknown, names: Pseudonyms, key = ''): unknown => {
  if (KEPT.has(key)) return value
  if (typeof value === 'string') return NAMES.has(key) ? names.name(value) : names.text(value)
  if (Array.isArray(value)) return value.map((each) => walk(each, names, key))
  if (typeof value !== 'object' || value === null) return value
  if (isFinding(value)) return findingWithout(value, names)
  const known = namesIn(value)
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]): readonly (readonly [string, unknown])[] => {
      if (name === 'decided') return []
      if (name === 'row') return [[name, String(each).split(', ').map(names.name).join(', ')]]
      if (name === 'name' && 'mxid' in value) return [[name, names.name(String(each))]]
      if (name === 'message' || name === 'answer') return [[name, sayWithout(value, String(each), names, known)]]
      return [[name, walk(each, names, name)]]
    }),
  )
}

/** In what the target says of an account its name may stand without server. */
const namesIn = (value: object): readonly string[] => {
  if (!('mxid' in value) || typeof value.mxid !== 'string') return []
  return [value.mxid, value.mxid.replace(/^@/u, '').replace(/:.*$/su, '')]
}

/** Of a conflict only which it is: who is in the way has names of its own. */
const sayWithout = (value: object, message: string, names: Pseudonyms, known: readonly string[]): string => {
  const reason = 'reason' in value && typeof value.reason === 'string' ? value.reason : ''
  return Object.hasOwn(CONFLICT_REASONS, reason)
    ? CONFLICT_REASONS[reason as keyof typeof CONFLICT_REASONS]
    : names.text(message, known)
}

const isFinding = (value: object): value is Finding => 'severity' in value && 'remedy' in value && 'message' in value

const findingWithout = (finding: Finding, names: Pseudonyms): Finding => {
  const samples = finding.samples ?? []
  const entry = entryOf(finding.code)
  // A code that this version does not know may name anybody.
  const things = entry?.names === 'things'
  // Not their localparts: the sentences are ours, and somebody may be called like a word of them.
  const known = things ? [] : samples
  const text = (sentence: string): string => (things ? names.ofThings(sentence) : names.text(sentence, known))
  return {
    ...finding,
    message: text(finding.message),
    // What the catalogue says names nobody: `@name:server` in it stands for anybody.
    remedy: finding.remedy.map((line) => (line === entry?.remedy ? line : text(line))),
    ...(finding.samples === undefined ? {} : { samples: things ? samples.map(text) : samples.map(names.name) }),
    ...(finding.acceptedBecause === undefined ? {} : { acceptedBecause: text(finding.acceptedBecause) }),
  }
}
