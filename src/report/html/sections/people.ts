import { formatCount, formatInteger, formatPercent } from '../../../terminal/numbers.ts'
import type { LastSeen, People, WaysToLogIn } from '../../plan-parts.ts'
import { type Html, html, NOTHING } from '../escape.ts'
import { type Bar, barPlot, ROUNDED } from '../plots/bars.ts'

const ACCOUNTS = { one: 'account', many: 'accounts' } as const

const waysBars = ({ password, identity, both, reset, none }: WaysToLogIn): readonly Bar[] => [
  { name: 'by password', count: password, tone: 'carried' },
  { name: 'by SSO', count: identity, tone: 'carried' },
  { name: 'by password or SSO', count: both, tone: 'carried' },
  ...(reset === undefined ? [] : [{ name: 'after setting a password by e-mail', count: reset, tone: 'left' } as const]),
  { name: 'not at all', count: none, tone: 'bad' },
]

/** The last of the times that count as lately. */
const LATELY: readonly LastSeen['within'][] = ['a day', 'a week', 'a month']

const SEEN_NAMES: Readonly<Record<LastSeen['within'], string>> = {
  'a day': 'within a day',
  'a week': 'within a week',
  'a month': 'within a month',
  'three months': 'within three months',
  'a year': 'within a year',
  longer: 'longer ago',
  never: 'never',
}

const seenBars = (lastSeen: readonly LastSeen[]): readonly Bar[] =>
  lastSeen.map(({ within, accounts }) => ({
    name: SEEN_NAMES[within],
    count: accounts,
    tone: within === 'longer' || within === 'never' ? 'left' : 'carried',
  }))

const seenCaption = ({ accounts, lastSeen }: People): string => {
  const lately = lastSeen.reduce((sum, one) => sum + (LATELY.includes(one.within) ? one.accounts : 0), 0)
  return `A device of ${formatInteger(lately)} of them${accounts === 0 ? '' : ` (${formatPercent(lately, accounts)})`} was seen in the month before the as-of time. Each account is in one line, the first that holds.`
}

/** How people can log in afterwards, and when they were here last. */
export const peopleSection = (people: People | undefined): Html =>
  people === undefined
    ? NOTHING
    : html`<section><h2>The people who move</h2><p>${formatCount(people.accounts, 'account migrates', 'accounts migrate')} and can be used: guests, closed and locked accounts are not counted here. ${ROUNDED}</p><div class="plots">${barPlot(
        {
          title: 'How they can log in afterwards',
          caption: 'With what syn2op carries. Each account is in one line.',
          bars: waysBars(people.waysToLogIn),
          whole: people.accounts,
          full: 'whole',
          unit: ACCOUNTS,
        },
      )}${barPlot({
        title: 'When they were last seen',
        caption: seenCaption(people),
        bars: seenBars(people.lastSeen),
        whole: people.accounts,
        full: 'longest',
        unit: ACCOUNTS,
      })}</div></section>`
