import { formatCount } from '../../../terminal/numbers.ts'
import type { RelationCount } from '../../documents.ts'
import { accountsOf } from '../../totals.ts'
import { reasonText } from '../../words.ts'
import { type Html, html, NOTHING } from '../escape.ts'
import { barPlot, ROUNDED } from '../plots/bars.ts'

/** The accounts by their decision: those that migrate, and those that are held back, by reason. */
export const accountsSection = (relations: readonly RelationCount[]): Html => {
  const count = accountsOf(relations)
  if (count === undefined || count.read === 0) return NOTHING
  return html`<section><h2>Who moves</h2>${barPlot({
    title: 'Accounts by decision',
    caption: `${formatCount(count.read, 'account', 'accounts')} in all: who is held back stays in Synapse’s database, for one reason each. ${ROUNDED}`,
    bars: [
      { name: 'migrate', count: count.carried, tone: 'carried' },
      ...count.left.map((one) => ({
        name: `held back: ${reasonText(one.reason)}`,
        count: one.count,
        tone: 'left' as const,
      })),
    ],
    whole: count.read,
    full: 'whole',
    unit: { one: 'account', many: 'accounts' },
  })}</section>`
}
