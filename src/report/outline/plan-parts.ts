import type { PlanDocument } from '../documents.ts'
import { providerFate, providerName } from '../provider-words.ts'
import { reasonText } from '../words.ts'
import type { OutlineSection } from './outline.ts'

/** What a plan says beyond its counts: who the people are, what will be different for them, how long it takes. */
export const planPartsOutline = ({
  target,
  providers = [],
  people,
  predictions = [],
  forecast,
}: PlanDocument): readonly OutlineSection[] => [
  {
    title: 'SSO providers',
    table: {
      columns: ['Provider', 'Identities', 'Accounts', 'With several', 'At the homeserver', 'Decision', 'Becomes'],
      names: 1,
      rows: providers.map((one) => [
        providerName(one),
        one.identities,
        one.accounts,
        one.several,
        one.atHomeserver ? 'yes' : 'no',
        one.decision,
        providerFate(one, target.product),
      ]),
    },
  },
  {
    title: 'Ways to log in afterwards',
    table: {
      columns: ['Way', 'Accounts'],
      names: 1,
      rows:
        people === undefined
          ? []
          : [
              ['password', people.waysToLogIn.password],
              ['SSO', people.waysToLogIn.identity],
              ['password and SSO', people.waysToLogIn.both],
              ...(people.waysToLogIn.reset === undefined
                ? []
                : [['a new password, set by e-mail', people.waysToLogIn.reset]]),
              ['none', people.waysToLogIn.none],
            ],
    },
  },
  {
    title: 'Last seen',
    table: {
      columns: ['Within', 'Accounts'],
      names: 1,
      rows: (people?.lastSeen ?? []).map(({ within, accounts }) => [within, accounts]),
    },
  },
  {
    title: 'What will be different for people',
    table: {
      columns: ['What', 'Why', 'How many'],
      names: 2,
      rows: predictions.map(({ what, reason, count }) => [what, reasonText(reason), count]),
    },
  },
  {
    title: 'Forecast',
    table: {
      columns: ['Phase', 'Time'],
      names: 1,
      rows:
        forecast === undefined
          ? []
          : [
              ...forecast.phases.map(({ phase, seconds }) => [phase, { milliseconds: seconds * 1000 }]),
              ['in all', { milliseconds: forecast.seconds * 1000 }],
              ['nobody can log in', { milliseconds: forecast.downtimeSeconds * 1000 }],
              ...(forecast.afterwards ?? []).map(({ what, seconds }) => [
                `${what}, afterwards`,
                { milliseconds: seconds * 1000 },
              ]),
            ],
    },
  },
]
