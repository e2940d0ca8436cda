import type { Finding } from '../../src/findings/finding.ts'
import type { PlanDocument } from '../../src/report/documents.ts'
import { wholePlanDocument } from './plan-documents.ts'

const SEVERITIES = ['notice', 'notice', 'warning', 'notice', 'error'] as const

/** Names as homeservers have them: short, long, from right to left, without a place to break. */
const NAMES = [
  '@anna:example.org',
  '@محمد.الفارسي:example.org',
  '@שרה:example.org',
  `@${'x'.repeat(240)}:example.org`,
  '@_irc_#room|with=odd+signs/and-more:example.org',
  '@山田太郎:example.org',
] as const

const finding = (index: number, of: number): Finding => {
  const severity = SEVERITIES[index % SEVERITIES.length] ?? 'notice'
  const name = NAMES[index % NAMES.length] ?? ''
  return {
    code: `SAMPLE_${severity.toUpperCase()}_${(index % Math.min(40, of)).toString().padStart(2, '0')}`,
    severity,
    message: `${(index * 37) % 9_999} rows of ${name} are not what the target expects, and this is finding ${index + 1} of ${of}.`,
    count: (index * 37) % 9_999,
    samples: [name, `@person${index}:example.org`],
    remedy: index % 3 === 0 ? [`SELECT name FROM users WHERE name = '@person${index}:example.org';`] : [],
    ...(severity === 'warning' && index % 2 === 0
      ? {
          accepted: 'by the mapping',
          acceptedBecause: 'They have left; their manager knows.',
          acceptedUntil: '2027-01-31T00:00:00.000Z',
        }
      : {}),
  }
}

/** A plan with so many findings, of 40 codes at most. */
export const planWithFindings = (many: number): PlanDocument => ({
  ...wholePlanDocument,
  findings: Array.from({ length: many }, (_, index) => finding(index, many)),
})
