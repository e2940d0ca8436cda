import { RELATION_NAMES } from '../../../accounts/relations.ts'
import { formatInteger } from '../../../terminal/numbers.ts'
import type { PlanDocument, RunDocument } from '../../documents.ts'
import { CHANGE_COLUMNS } from '../../gone-on-words.ts'
import type { AccountSample } from '../../run-parts.ts'
import { type Html, html } from '../escape.ts'
import { type Heading, row, table } from '../table.ts'

const HEADINGS: readonly Heading[] = [
  { title: 'What', kind: 'words' },
  ...CHANGE_COLUMNS.map(({ title }): Heading => ({ title, kind: 'number' })),
]

const SAMPLE_HEADINGS: readonly Heading[] = [
  { title: 'Account', kind: 'free' },
  { title: 'Why', kind: 'free' },
]

/** Of a plan or run that goes on from what is there: what becomes of the rows, and who is held back or refused. */
export const goneOnSection = ({ changes = [], conflicts = [], rejected = [] }: PlanDocument | RunDocument): Html =>
  html`${
    changes.length === 0
      ? html``
      : html`<section><h2>Rows of the accounts looked at</h2>${table({
          caption: 'Theirs were changed at the target since; foreign ones are not syn2op’s. Both stay as they are.',
          headings: HEADINGS,
          body: html`<tbody class="rows">${changes.map((one) =>
            row(HEADINGS, [
              RELATION_NAMES[one.relation].many,
              ...CHANGE_COLUMNS.map(({ of }) => formatInteger(one[of])),
            ]),
          )}</tbody>`,
        })}</section>`
  }${samples('Held back', 'Somebody else has the name, e-mail or identity. The first of them.', conflicts)}${samples(
    'Refused',
    'What the target said. The first of them.',
    rejected,
  )}`

const samples = (title: string, caption: string, accounts: readonly AccountSample[]): Html =>
  accounts.length === 0
    ? html``
    : html`<section><h2>${title}</h2>${table({
        caption,
        headings: SAMPLE_HEADINGS,
        body: html`<tbody class="rows">${accounts.map(({ mxid, reason, message }) =>
          row(SAMPLE_HEADINGS, [mxid, message ?? reason ?? '']),
        )}</tbody>`,
      })}</section>`
