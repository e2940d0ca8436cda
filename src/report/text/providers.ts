import { formatInteger } from '../../terminal/numbers.ts'
import { type Column, renderTable } from '../../terminal/table.ts'
import { visible } from '../../terminal/visible.ts'
import type { PlanDocument } from '../documents.ts'
import { providerFate, providerName } from '../provider-words.ts'
import type { TextView } from './section.ts'

const COLUMNS: readonly Column[] = [
  { title: 'In Synapse', align: 'left' },
  { title: 'Configured there', align: 'left' },
  { title: 'Identities', align: 'right' },
  { title: 'Accounts', align: 'right' },
  { title: 'Becomes', align: 'left', fit: 'wrap' },
]

/** Which SSO providers the accounts have identities of, known on which side, and what becomes of each. */
export const renderProviders = (
  { providers = [], target }: Pick<PlanDocument, 'providers' | 'target'>,
  view: TextView,
): readonly string[] => {
  if (providers.length === 0) return []
  const rows = providers.map((one) => [
    visible(providerName(one)),
    one.atHomeserver ? 'yes' : 'no',
    formatInteger(one.identities),
    formatInteger(one.accounts),
    visible(providerFate(one, target.product)),
  ])
  return [renderTable(COLUMNS, rows, view)]
}
