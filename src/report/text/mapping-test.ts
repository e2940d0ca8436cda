import { createPaint } from '../../terminal/colour.ts'
import { visible } from '../../terminal/visible.ts'
import type { MappingTestDocument, NamedRule, TestedAccount, TestedRow } from '../mapping-documents.ts'
import { reasonText } from '../words.ts'
import { facts, type TextOptions, type TextView } from './section.ts'

/** What the rules make of some accounts, one block each. */
export const renderMappingTest = ({ accounts }: MappingTestDocument, { width, colour }: TextOptions): string => {
  const view: TextView = { width, paint: createPaint(colour), detail: 'all' }
  return `${accounts.map((account) => renderAccount(account, view)).join('\n\n')}\n`
}

const renderAccount = (account: TestedAccount, view: TextView): string => {
  const { mxid, decision, reason, by, cohort, username, primaryEmail, attributes = {}, rows } = account
  const why = reason === undefined ? '' : `: ${reasonText(reason)}`
  const pairs: readonly (readonly [string, string])[] = [
    ['Decision', decision === undefined ? 'none: Synapse has no such account' : `${decision}${why}${ruleText(by)}`],
    ...(cohort === undefined ? [] : [['Cohort', `${cohort.name}${ruleText(cohort)}`] as const]),
    ...(username === undefined ? [] : [['Username', username] as const]),
    ...(primaryEmail === undefined ? [] : [['Primary e-mail', primaryEmail] as const]),
    ...Object.entries(attributes).map(([name, value]) => [`Attribute ${name}`, value] as const),
    ...rows.map(rowFact),
  ]
  return [
    view.paint('heading', visible(mxid)),
    ...facts(
      pairs.map(([name, value]) => [visible(name), visible(value)] as const),
      view,
    ),
  ].join('\n')
}

const ruleText = (by: NamedRule | undefined): string => {
  if (by === undefined) return ''
  return by.line === undefined ? `, by ${by.rule}` : `, by ${by.rule} (line ${by.line})`
}

const rowFact = ({ row, provider, by }: TestedRow): readonly [string, string] => {
  const why = row.reason === undefined ? '' : `: ${reasonText(row.reason)}`
  const what = `${row.decision}${why}`
  if (row.relation === 'threepid') return [row.medium, `${row.address}: ${what}${ruleText(by)}`]
  const to = provider === undefined || provider === row.authProvider ? '' : ` as ${provider}`
  return [row.authProvider, `${row.subject}: ${what}${to}${ruleText(by)}`]
}
