import { REASONS } from '../../accounts/reasons.ts'
import { RELATION_NAMES } from '../../accounts/relations.ts'
import { createPaint } from '../../terminal/colour.ts'
import { renderTable } from '../../terminal/table.ts'
import { indented } from '../../terminal/text.ts'
import { visible } from '../../terminal/visible.ts'
import type { AccountInRun, ExplainedAccount, ExplainedRow, ExplanationDocument, Prediction } from '../explanation.ts'
import { formatMoment, reasonText } from '../words.ts'
import { renderAtTarget } from './explanation-target.ts'
import { facts, paragraph, section, type TextOptions, type TextView } from './section.ts'

/** What becomes of one account, and why, on one screen. */
export const renderExplanation = (document: ExplanationDocument, { width, colour }: TextOptions): string => {
  const view: TextView = { width, paint: createPaint(colour) }
  const { mxid, serverName, account, cohort, rows, predictions, target, history, asOf } = document
  const parts = [
    [
      view.paint('heading', `syn2op explanation of ${visible(mxid)}`),
      ...facts(
        [
          ['Server', visible(serverName)],
          ['As of', formatMoment(asOf)],
          ...(account === undefined
            ? [['Source', 'has no account of this name'] as const]
            : accountFacts(account).map(([name, value]) => [name, visible(value)] as const)),
          ...(cohort === undefined ? [] : [['Cohort', visible(cohortText(cohort))] as const]),
        ],
        view,
      ),
    ].join('\n'),
    ...section('What it owns', rows.length === 0 ? [] : [renderRows(rows, view)], view),
    ...section('What will change', account === undefined ? [] : renderPredictions(predictions, view), view),
    ...section('At the target', renderAtTarget(target, view), view),
    ...section('In the runs', history.length === 0 ? [] : [renderHistory(history, view)], view),
  ]
  return `${parts.join('\n\n')}\n`
}

const cohortText = ({ name, frozen }: NonNullable<ExplanationDocument['cohort']>): string =>
  frozen ? name : `${name}, by the mapping as it is now; the first run freezes it`

const renderPredictions = (predictions: readonly Prediction[], view: TextView): readonly string[] =>
  predictions.length === 0
    ? [paragraph('Nothing that we know of.', view)]
    : predictions.map(({ message }) => indented(visible(message), view.width, '  ', '- '))

const accountFacts = (account: ExplainedAccount): readonly (readonly [string, string])[] => {
  const flags = [
    ...(account.admin ? ['administrator'] : []),
    ...(account.guest ? ['guest'] : []),
    ...(account.locked ? ['locked'] : []),
    ...(account.deactivated ? ['deactivated'] : []),
    ...(account.shadowBanned ? ['shadow-banned'] : []),
    ...(account.approved ? [] : ['waits for approval']),
    ...(account.expired ? ['expired'] : []),
  ]
  return [
    ['Created', formatMoment(account.createdAt)],
    ...(flags.length === 0 ? [] : [['Is', flags.join(', ')] as const]),
    ['Decision', account.reason === undefined ? 'migrate' : `hold back: ${because(account.reason)}`],
  ]
}

/** A reason with its why. */
const because = (reason: string): string =>
  Object.hasOwn(REASONS, reason) ? `${reasonText(reason)}. ${REASONS[reason as keyof typeof REASONS].why}` : reason

const renderRows = (rows: readonly ExplainedRow[], view: TextView): string =>
  renderTable(
    [
      { title: 'What', align: 'left' },
      { title: 'Which', align: 'left', fit: 'wrap' },
      { title: 'Decision', align: 'left', fit: 'wrap' },
    ],
    rows.map((row) =>
      [
        RELATION_NAMES[row.relation].one,
        which(row),
        row.reason === undefined ? row.decision : `leave: ${because(row.reason)}`,
      ].map(visible),
    ),
    view,
  )

const which = (row: ExplainedRow): string => {
  switch (row.relation) {
    case 'password':
      return row.form
    case 'threepid':
      return `${row.medium} ${row.address}${since(', added', row.addedAt)}`
    case 'external_id':
      return `${row.authProvider}: ${row.subject}`
    case 'session':
      return [
        device(row.deviceId),
        ...(row.displayName === undefined ? [] : [`“${row.displayName}”`]),
        `${since('since', row.createdAt)}${since(', last seen', row.lastSeenAt)}`.trim(),
      ]
        .filter((part) => part !== '')
        .join(' ')
    case 'access_token':
      return `${row.form}, ${device(row.deviceId)}${since(', from', row.createdAt)}${since(', expires', row.expiresAt)}`
    case 'refresh_token':
      return `${row.form}, ${device(row.deviceId)}${since(', from', row.createdAt)}`
  }
}

const device = (deviceId: string | undefined): string =>
  deviceId === undefined ? 'no device' : deviceId === '' ? 'the device without a name' : deviceId

const since = (word: string, time: string | undefined): string =>
  time === undefined ? '' : `${word} ${formatMoment(time)}`

const NOT_LISTED = {
  run: 'not listed: created, unchanged, or not there',
  rollback: 'not listed: everything was taken back at once, or nothing of it',
} as const

const renderHistory = (history: readonly AccountInRun[], view: TextView): string =>
  renderTable(
    [
      { title: 'Run', align: 'left' },
      { title: 'Kind', align: 'left' },
      { title: 'State', align: 'left' },
      { title: 'This account', align: 'left', fit: 'wrap' },
    ],
    history.map(({ run, record }) =>
      [
        run.runId,
        [run.kind ?? '', ...(run.cohort === undefined ? [] : [run.cohort])].join(' '),
        run.state,
        record === undefined
          ? NOT_LISTED[run.kind === 'rollback' ? 'rollback' : 'run']
          : [
              record.outcome,
              ...(record.reason === undefined ? [] : [reasonText(record.reason)]),
              ...(record.message === undefined ? [] : [record.message]),
            ].join(': '),
      ].map(visible),
    ),
    view,
  )
