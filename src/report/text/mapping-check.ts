import { createPaint } from '../../terminal/colour.ts'
import { formatCount } from '../../terminal/numbers.ts'
import { indented } from '../../terminal/text.ts'
import { visible } from '../../terminal/visible.ts'
import type { MappingCheckDocument, MappingRemark } from '../mapping-documents.ts'
import { paragraph, type TextOptions, type TextView } from './section.ts'

/** What `mapping check` says: the verdict, and each remark with its line. */
export const renderMappingCheck = (
  { mapping, databases, remarks }: MappingCheckDocument,
  { width, colour }: TextOptions,
): string => {
  const view: TextView = { width, paint: createPaint(colour), detail: 'all' }
  const warnings = remarks.filter(({ severity }) => severity === 'warning').length
  const verdict =
    remarks.length === 0
      ? 'nothing to remark'
      : `${formatCount(warnings, 'warning', 'warnings')}, ${formatCount(remarks.length - warnings, 'notice', 'notices')}`
  const parts = [
    `${view.paint('heading', visible(mapping.file))}: the rules are well formed; ${verdict}`,
    ...remarks.map((remark) => renderRemark(remark, view)),
    ...(databases === 'asked' ? [] : [paragraph(notAsked(databases), view)]),
  ]
  return `${parts.join('\n\n')}\n`
}

const renderRemark = ({ rule, line, severity, message, samples = [] }: MappingRemark, view: TextView): string => {
  const place = line === undefined ? '' : view.paint('quiet', ` (line ${line})`)
  return [
    `${view.paint(severity === 'warning' ? 'attention' : 'quiet', visible(rule))}${place}`,
    indented(visible(message), view.width, '  '),
    ...(samples.length === 0
      ? []
      : [view.paint('quiet', indented(samples.map(visible).join(', '), view.width, '    '))]),
  ].join('\n')
}

const notAsked = (databases: Exclude<MappingCheckDocument['databases'], 'asked'>): string =>
  databases === 'not asked'
    ? 'Whether the rules match anybody was not looked at: that needs the configurations of Synapse and the target (--synapse-config, --target-config).'
    : `Whether the rules match anybody could not be looked at: ${visible(databases.message)} (${databases.code})`
