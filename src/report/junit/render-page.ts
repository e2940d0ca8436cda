import type { Page } from '../page.ts'
import { junitXml } from './junit-xml.ts'

/** A page's cases as JUnit XML, as CI systems read it. */
export const renderPageJunit = ({ kind, title, subject, at, cases }: Page): string =>
  junitXml({ kind, name: `syn2op ${title.toLowerCase()} of ${subject}`, at, cases })
