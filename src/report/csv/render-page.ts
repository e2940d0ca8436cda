import type { Page } from '../page.ts'
import { csvOf, sectionRows, verdictRow } from './rows.ts'

/** A page as CSV for spreadsheets and scripts: one fact a row. */
export const renderPageCsv = ({ verdict, sections }: Page): string =>
  csvOf([verdictRow(verdict), ...sections.flatMap(sectionRows)])
