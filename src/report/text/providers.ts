import { formatInteger } from '../../terminal/numbers.ts'
import { type Column, renderTable } from '../../terminal/table.ts'
import { visible } from '../../terminal/visible.ts'
import type { ProviderUse } from '../plan-parts.ts'
import type { TextView } from './section.ts'

const COLUMNS: readonly Column[] = [
  { title: 'In Synapse', align: 'left' },
  { title: 'Configured there', align: 'left' },
  { title: 'Identities', align: 'right' },
  { title: 'Accounts', align: 'right' },
  { title: 'Becomes', align: 'left', fit: 'wrap' },
]

const becomes = ({ decision, becomes: name, authProvider }: ProviderUse): string => {
  if (decision === 'carry') return visible(name ?? authProvider)
  return decision === 'leave' ? 'left: the mapping says so' : 'left: the target has none of this name'
}

/** Which SSO providers the accounts have identities of, known on which side, and what becomes of each. */
export const renderProviders = (providers: readonly ProviderUse[] = [], view: TextView): readonly string[] => {
  if (providers.length === 0) return []
  const rows = providers.map((one) => [
    one.authProvider.trim() === '' ? '(an empty name)' : visible(one.authProvider),
    one.atHomeserver ? 'yes' : 'no',
    formatInteger(one.identities),
    formatInteger(one.accounts),
    becomes(one),
  ])
  return [renderTable(COLUMNS, rows, view)]
}
