import { pathToFileURL } from 'node:url'
import type { Invocation, Log, ReportingDescriptor, Result } from 'sarif'
import { entryOf } from '../../findings/catalogue.ts'
import type { Finding } from '../../findings/finding.ts'
import { visible } from '../../terminal/visible.ts'
import { acknowledgementWords } from '../acknowledgement.ts'
import type { Document } from '../documents.ts'
import { findingsOf } from '../grouped-findings.ts'
import { verdictOf } from '../verdict.ts'

const LEVELS = { error: 'error', warning: 'warning', notice: 'note' } as const

/**
 * The findings of a report as SARIF 2.1.0 (OASIS). An acknowledged warning is a suppressed result with its reason. Where a
 * mapping is known it is where a finding is placed, since viewers want a file; what it is about stands in logicalLocations.
 */
export const renderSarif = (document: Document): string => `${JSON.stringify(sarifLog(document), null, 2)}\n`

const sarifLog = (document: Document): Log => {
  const head = document.kind === 'rehearsal' ? document.plan : document
  const found = findingsOf(document)
  const codes = [...new Set(found.map(({ code }) => code))].toSorted()
  const mapping = 'mapping' in head ? head.mapping.file : undefined
  const { tone, headline } = verdictOf(document)
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'syn2op',
            version: head.syn2op,
            rules: codes.map((code) => rule(code)),
          },
        },
        automationDetails: { id: `syn2op/${document.kind}/${visible(head.serverName)}` },
        invocations: [
          {
            executionSuccessful: tone !== 'bad',
            exitCodeDescription: visible(headline),
            ...failureOf(document),
            ...(Number.isNaN(Date.parse(head.asOf)) ? {} : { startTimeUtc: new Date(head.asOf).toISOString() }),
          },
        ],
        results: found.map((one) => result(one, codes.indexOf(one.code), mapping)),
      },
    ],
  }
}

/** An error that ended a rehearsal is none of the homeserver's findings, but one of the tool's own. */
const failureOf = (document: Document): Pick<Invocation, 'toolExecutionNotifications'> => {
  if (document.kind !== 'rehearsal' || document.failure === undefined) return {}
  const { step, code, message } = document.failure
  const text = visible(`${step}: ${message}`)
  return { toolExecutionNotifications: [{ level: 'error', message: { text }, descriptor: { id: visible(code) } }] }
}

const rule = (code: string): ReportingDescriptor => {
  const entry = entryOf(code)
  if (entry === undefined) return { id: visible(code) }
  return {
    id: code,
    shortDescription: { text: entry.title },
    fullDescription: { text: entry.why },
    help: { text: entry.remedy },
    defaultConfiguration: { level: LEVELS[entry.severity] },
    properties: { kind: entry.kind },
  }
}

/** An acknowledgement too, with its end, for which suppressions have no place: one that has ended is no suppression. */
const properties = (found: Finding): Pick<Result, 'properties'> => {
  const acknowledged = acknowledgementWords(found).map(visible)
  if (found.remedy.length + acknowledged.length === 0) return {}
  return {
    properties: {
      ...(found.remedy.length === 0 ? {} : { remedy: found.remedy.map(visible) }),
      ...(acknowledged.length === 0 ? {} : { acknowledgement: acknowledged }),
    },
  }
}

const result = (found: Finding, ruleIndex: number, mapping: string | undefined): Result => ({
  ruleId: visible(found.code),
  ruleIndex,
  level: LEVELS[found.severity],
  kind: 'fail',
  message: { text: visible(found.message) },
  ...(found.count === undefined ? {} : { occurrenceCount: Math.max(1, found.count) }),
  locations: [
    {
      ...(mapping === undefined
        ? {}
        : { physicalLocation: { artifactLocation: { uri: pathToFileURL(mapping).href }, region: { startLine: 1 } } }),
      logicalLocations: [...new Set((found.samples ?? []).map(visible))].map((name) => ({ fullyQualifiedName: name })),
    },
  ],
  partialFingerprints: { 'finding/v1': visible(found.code) },
  ...properties(found),
  ...(found.accepted === undefined
    ? {}
    : {
        suppressions: [
          { kind: 'external', status: 'accepted', justification: visible(found.acceptedBecause ?? found.accepted) },
        ],
      }),
})
