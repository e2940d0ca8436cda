import XMLBuilder from 'fast-xml-builder'
import { visible, visibleLines } from '../../terminal/visible.ts'
import type { Document } from '../documents.ts'
import { TITLES } from '../words.ts'
import { type TestCase, testCases } from './test-cases.ts'

/**
 * A report as JUnit XML, as CI systems read it: a suite for each part and family of findings.
 * Source: the schema of Jenkins's xUnit plugin (junit-10.xsd); there is no standard.
 */
export const renderJunit = (document: Document): string => {
  const cases = testCases(document)
  const suites = [...new Set(cases.map(({ suite }) => suite))]
  const head = document.kind === 'rehearsal' ? document.plan : document
  const name = `syn2op ${TITLES[document.kind].toLowerCase()} of ${head.serverName}`
  const xml = new XMLBuilder({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    format: true,
    suppressEmptyNode: true,
    suppressBooleanAttributes: false,
  }).build({
    '?xml': { '@version': '1.0', '@encoding': 'UTF-8' },
    testsuites: {
      '@name': visible(name),
      ...counts(cases),
      testsuite: suites.map((suite) => {
        const own = cases.filter((one) => one.suite === suite)
        return {
          '@name': suite,
          ...counts(own),
          '@skipped': String(own.filter(({ skipped }) => skipped !== undefined).length),
          '@timestamp': head.asOf.replace(/\.\d+Z$/u, ''),
          testcase: own.map((one) => caseElement(document.kind, one)),
        }
      }),
    },
  })
  return xml.endsWith('\n') ? xml : `${xml}\n`
}

const counts = (cases: readonly TestCase[]) => ({
  '@tests': String(cases.length),
  '@failures': String(cases.filter(({ failure }) => failure !== undefined).length),
  '@errors': '0',
  '@time': seconds(cases.reduce((sum, { milliseconds = 0 }) => sum + milliseconds, 0)),
})

const caseElement = (
  kind: Document['kind'],
  { suite, name, milliseconds = 0, failure, skipped, output }: TestCase,
) => ({
  '@name': visible(name),
  '@classname': `syn2op.${kind}.${suite}`,
  '@time': seconds(milliseconds),
  ...(skipped === undefined ? {} : { skipped: { '@message': allowed(visible(skipped)) } }),
  ...(failure === undefined
    ? {}
    : {
        failure: {
          '@message': allowed(visible(failure.message)),
          '@type': failure.type,
          '#text': allowed(visibleLines(failure.detail).join('\n')),
        },
      }),
  ...(output === undefined ? {} : { 'system-out': allowed(visibleLines(output).join('\n')) }),
})

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(3)

/** XML 1.0 has no way to write these characters (2.2), not even escaped. */
const allowed = (text: string): string => text.replace(/[\uFFFE\uFFFF]/gu, '\uFFFD')
