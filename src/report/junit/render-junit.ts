import type { Document } from '../documents.ts'
import { TITLES } from '../words.ts'
import { junitXml } from './junit-xml.ts'
import { testCases } from './test-cases.ts'

/** A report as JUnit XML, as CI systems read it: a suite for each part and family of findings. */
export const renderJunit = (document: Document): string => {
  const { serverName, asOf } = document.kind === 'rehearsal' ? document.plan : document
  return junitXml({
    kind: document.kind,
    name: `syn2op ${TITLES[document.kind].toLowerCase()} of ${serverName}`,
    at: asOf,
    cases: testCases(document),
  })
}
