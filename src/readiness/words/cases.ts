import type { TestCase } from '../../report/junit/test-cases.ts'
import type { ReadinessDocument, ReadinessProbe, ReadinessWalk } from '../../report/readiness-document.ts'
import type { Verdict } from '../../report/verdict.ts'
import { conflictsLevel, readinessExit } from './exit.ts'
import { clientName, sentence } from './names.ts'

/** Everything that was looked at, as tests. What fails them is what the exit code counts. */
export const readinessCases = (document: ReadinessDocument, verdict: Verdict): readonly TestCase[] => [
  verdictCase(document, verdict),
  ...document.probes.map(probeCase),
  ...conflictCases(document),
  ...(document.walk?.steps ?? []).map(stepCase),
  ...lostCases(document),
]

const verdictCase = (document: ReadinessDocument, { headline, sentences }: Verdict): TestCase => {
  const detail = sentences.join('\n')
  const about = { suite: 'Result', name: 'Verdict' }
  return readinessExit(document) === 'clear'
    ? { ...about, output: `${headline}.\n${detail}` }
    : { ...about, failure: { type: 'verdict', message: headline, detail } }
}

const PARTS: Readonly<Record<ReadinessProbe['part'], string>> = {
  homeserver: 'Homeserver',
  op: 'OP',
  both: 'Homeserver and OP',
}

const probeCase = (probe: ReadinessProbe): TestCase => {
  const { code, part, level, seen, accepted, remedy } = probe
  const about = { suite: PARTS[part], name: code }
  if (probe.result === 'not asked') return { ...about, skipped: [seen, ...remedy].join('\n') }
  if (probe.result === 'pass') return { ...about, output: seen }
  const detail = failureText(probe)
  const counts = level === 'error' || (level === 'warning' && accepted === undefined)
  return counts ? { ...about, failure: { type: level, message: seen, detail } } : { ...about, output: detail }
}

const failureText = ({ level, accepted, title, spec, seen, faults = [], remedy }: ReadinessProbe): string =>
  [
    `${level}: ${sentence(title)} (${spec})`,
    sentence(seen),
    ...faults.map(({ field, what, seen: stood }) =>
      stood === undefined ? `${field} ${what}` : `${field} ${what}: ${stood}`,
    ),
    ...(accepted === undefined ? [] : [`Accepted by ${accepted}.`]),
    ...remedy,
  ].join('\n')

const conflictCases = (document: ReadinessDocument): readonly TestCase[] =>
  (document.configuration?.conflicts ?? []).map(({ path, file, line, change }) => ({
    suite: 'Configuration',
    name: path,
    failure: {
      type: conflictsLevel(document) ?? 'error',
      message: 'Synapse does not start under MAS with this setting',
      detail: `${line === undefined ? file : `${file}:${line}`}\n${change}`,
    },
  }))

const stepCase = ({ step, outcome, words, remedy, milliseconds }: ReadinessWalk['steps'][number]): TestCase => {
  const about = { suite: 'Walk', name: step, milliseconds }
  if (outcome === 'skipped') return { ...about, skipped: words }
  if (outcome !== 'failed') return { ...about, output: outcome === 'differs' ? `differs: ${words}` : words }
  return { ...about, failure: { type: 'step', message: words, detail: [words, ...remedy].join('\n') } }
}

const lostCases = ({ comparison, abilities }: ReadinessDocument): readonly TestCase[] =>
  (comparison?.abilities ?? [])
    .filter(({ change }) => change === 'lost')
    .map(({ client, deed }) => {
      const because = abilities.find((one) => one.client === client && one.deed === deed)?.because ?? []
      const message = `people can no longer ${deed} with ${clientName(client)}`
      return {
        suite: 'What people can no longer do',
        name: `${clientName(client)}: ${deed}`,
        failure: { type: 'lost', message, detail: because.map(({ words }) => words).join('\n') },
      }
    })
