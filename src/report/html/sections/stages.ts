import type { Stage } from '../../run-parts.ts'
import { STAGE_COLUMNS, stageRows, stagesSentence } from '../../stage-words.ts'
import { type Html, html } from '../escape.ts'
import { type Heading, row, table } from '../table.ts'

const [NAME, MEMBERS, RECORDED, STATE] = STAGE_COLUMNS

const HEADINGS: readonly Heading[] = [
  { title: NAME, kind: 'words' },
  { title: MEMBERS, kind: 'number' },
  { title: RECORDED, kind: 'number' },
  { title: STATE, kind: 'words' },
]

/** How far each cohort has come. */
export const stagesSection = (stages: readonly Stage[] = []): Html =>
  stages.length === 0
    ? html``
    : html`<section><h2>Cohorts</h2>${table({
        caption: stagesSentence(stages),
        headings: HEADINGS,
        body: html`<tbody class="rows">${stageRows(stages).map((cells) => row(HEADINGS, cells))}</tbody>`,
      })}</section>`
