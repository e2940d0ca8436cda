import type { PlanDocument, RunDocument } from '../../src/report/documents.ts'
import { planDocument, runDocument } from './documents.ts'

const plan = { file: 'plan.json', asOf: '2026-11-19T22:00:00.000Z' } as const

/** A plan that is held against an older one. */
export const comparedPlanDocument: PlanDocument = {
  ...planDocument,
  comparison: {
    plan: { ...plan, file: 'last-week.json' },
    mapping: { before: 'a'.repeat(64), now: planDocument.mapping.sha256 },
    other: ['target'],
    accounts: {
      new: 12,
      gone: 1,
      changed: [
        {
          before: null,
          now: 'deactivated',
          count: 7,
          samples: ['@anna:example.org', '@bert.van.dyck:example.org', '@chidi:example.org', '@d:x', '@e:x', '@f:x'],
        },
        { before: 'guest', now: null, count: 1, samples: ['@émile:example.org'] },
      ],
    },
    rows: [
      { relation: 'account', reason: null, before: 43_982, now: 43_993 },
      { relation: 'account', reason: 'deactivated', before: 0, now: 7 },
      { relation: 'session', reason: 'hidden_device', before: 40_118, now: 40_112 },
    ],
    outcomes: [{ outcome: 'created', before: 43_982, now: 43_993 }],
    findings: [
      { code: 'EMAIL_SHARED', severity: 'warning', change: 'new', now: 6 },
      { code: 'GUESTS', severity: 'notice', change: 'changed', before: 1900, now: 1904 },
      { code: 'SYNAPSE_RUNNING', severity: 'warning', change: 'gone' },
    ],
    forecast: { before: { seconds: 71, downtimeSeconds: 71 }, now: { seconds: 74, downtimeSeconds: 74 } },
  },
}

/** A run that was bound to a plan of two days before. */
export const boundRunDocument: RunDocument = {
  ...runDocument,
  drift: {
    plan,
    newAccounts: 12,
    goneAccounts: 0,
    rows: [
      { relation: 'account', reason: null, before: 43_981, now: 43_993 },
      { relation: 'session', reason: null, before: 109_205, now: 109_277 },
      { relation: 'session', reason: 'hidden_device', before: 40_110, now: 40_112 },
    ],
  },
}
