import { formatInteger } from '../../../terminal/numbers.ts'
import type { PlanDocument } from '../../documents.ts'
import type { ProviderUse } from '../../plan-parts.ts'
import { providerFate, providerName } from '../../provider-words.ts'
import { type Html, html, NOTHING } from '../escape.ts'
import { type Heading, row, table } from '../table.ts'

const HEADINGS: readonly Heading[] = [
  { title: 'In Synapse', kind: 'free' },
  { title: 'Becomes', kind: 'free' },
  { title: 'Identities', kind: 'number' },
  { title: 'Accounts', kind: 'number', on: 'wide' },
  { title: 'With several', kind: 'number', on: 'wide' },
]

const becomes = (one: ProviderUse, product: string): Html => {
  const fate = providerFate(one, product)
  if (one.decision === 'carry') return html`<bdi>${fate}</bdi>`
  return one.decision === 'leave' ? html`${fate}` : html`<span class="wrong">${fate}</span>`
}

const named = (one: ProviderUse): Html =>
  html`<code><bdi>${providerName(one)}</bdi></code>${one.atHomeserver ? NOTHING : html`<small>not in Synapse’s configuration</small>`}`

/** Which SSO providers the accounts have identities of, and what becomes of each. */
export const providersSection = ({ providers = [], target }: Pick<PlanDocument, 'providers' | 'target'>): Html =>
  providers.length === 0
    ? NOTHING
    : html`<section><h2>SSO providers</h2>${table({
        caption: 'Identities of accounts that migrate, by provider.',
        headings: HEADINGS,
        body: html`<tbody class="rows">${providers.map((one) =>
          row(HEADINGS, [
            named(one),
            becomes(one, target.product),
            formatInteger(one.identities),
            formatInteger(one.accounts),
            formatInteger(one.several),
          ]),
        )}</tbody>`,
      })}</section>`
