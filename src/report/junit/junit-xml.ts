import XMLBuilder from 'fast-xml-builder'
import { visible, visibleLines } from '../../terminal/visible.ts'
import type { TestCase } from './test-cases.ts'

/** What was tested, and what came of it. */
export interface TestRun {
  /** Of the document, such as `plan`. */
  readonly kind: string
  readonly name: string
  /** ISO 8601, UTC. */
  readonly at: string
  readonly cases: readonly TestCase[]
}

/**
 * Tests as JUnit XML, as CI systems read it: suites in the order in which their first case stands.
 * Source: the schema of Jenkins's xUnit plugin (junit-10.xsd); there is no standard.
 */
export const junitXml = ({ kind, name, at, cases }: TestRun): string => {
  const suites = [...new Set(cases.map(({ suite }) => suite))]
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
          '@timestamp': at.replace(/\.\d+Z$/u, ''),
          testcase: own.map((one) => caseElement(kind, one)),
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

const caseElement = (kind: string, { suite, name, milliseconds = 0, failure, skipped, output }: TestCase) => ({
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
