import type { Page } from '../page.ts'
import { withContents } from './contents.ts'
import { layout } from './layout.ts'
import { nextSection, verdictSection } from './sections/conclusion.ts'
import { outlinedSections } from './sections/outlined.ts'

/** A page as one file that needs nothing else, as the reports of a migration are. */
export const renderPageHtml = (page: Page): string => {
  const { contents, sections } = withContents([
    ...page.sections.map((one) => outlinedSections([one])),
    nextSection(page.next),
  ])
  return layout(page, [verdictSection(page.verdict), contents, ...sections])
}
