import type { Rule } from '../../../../src/rehearsal/standins/auth0/rules/rule.ts'

/** What was done about a rule. */
export type Done =
  | { readonly kind: 'mutated'; readonly requests: number }
  | { readonly kind: 'not sent'; readonly because: string }

/** A table of rules by subject: how many were broken, by how many requests, and which could not be, and why. */
export const tally = (subjects: Readonly<Record<string, readonly Rule[]>>, done: ReadonlyMap<string, Done>): string => {
  const rows = Object.entries(subjects).map(([subject, rules]) => {
    const all = rules.flatMap(({ id }) => done.get(id) ?? [])
    const mutated = all.flatMap((each) => (each.kind === 'mutated' ? [each.requests] : []))
    const reasons = new Set(all.flatMap((each) => (each.kind === 'not sent' ? [each.because] : [])))
    return {
      subject,
      rules: rules.length,
      mutated: mutated.length,
      requests: mutated.reduce((sum, requests) => sum + requests, 0),
      notSent: all.length - mutated.length,
      why: [...reasons].join('; '),
    }
  })
  const sum = (of: 'rules' | 'mutated' | 'requests' | 'notSent'): number =>
    rows.reduce((total, row) => total + row[of], 0)
  const total = {
    subject: 'all',
    rules: sum('rules'),
    mutated: sum('mutated'),
    requests: sum('requests'),
    notSent: sum('notSent'),
    why: '',
  }
  const lines = [...rows, total].map(({ subject, rules, mutated, requests, notSent, why }) =>
    [subject.padEnd(37), ...[rules, mutated, requests, notSent].map((n) => String(n).padStart(8)), ` ${why}`]
      .join('')
      .trimEnd(),
  )
  return [`${'rules of Auth0'.padEnd(37)}   rules mutated    sent not ours`, ...lines].join('\n')
}
