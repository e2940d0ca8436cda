import { hasContent } from '../outline/outline.ts'
import type { Page } from '../page.ts'
import { formatMoment } from '../words.ts'
import { escapeMarkdown } from './escape-markdown.ts'
import { factTable, nextParts, sectionParts } from './parts.ts'

/** A page in GitHub's Markdown; texts from servers are escaped: none of them makes a link, a mention, a tag or a heading. */
export const renderPageMarkdown = ({ title, subject, about, at, syn2op, verdict, sections, next }: Page): string => {
  const parts = [
    `# syn2op ${title.toLowerCase()} of ${escapeMarkdown(subject)}`,
    `**${escapeMarkdown(verdict.headline)}.**`,
    ...verdict.sentences.map(escapeMarkdown),
    ...sections.filter(hasContent).flatMap(sectionParts),
    ...nextParts(next),
    factTable([
      ...(about === '' ? [] : [['Looked at', about] as const]),
      ['As of', formatMoment(at)],
      ['syn2op', syn2op],
    ]),
  ]
  return `${parts.join('\n\n')}\n`
}
