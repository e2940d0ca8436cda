import { finding } from '../../findings/catalogue.ts'
import type { Finding } from '../../findings/finding.ts'
import { counted } from '../../report/counted.ts'
import type { CountedCode } from './counted-codes.ts'
import type { AuditFacts } from './subject.ts'

interface UnreadFacts extends Pick<AuditFacts, 'catalogue' | 'unreadable' | 'filtered'> {
  /** Ours in the source. */
  readonly role: string
}

/** Findings that nobody looked for, since our role may not read all of the tables that they are counted in. */
export const tablesNotCounted = (
  codes: readonly CountedCode[],
  { catalogue, unreadable, filtered, role }: UnreadFacts,
): readonly Finding[] => {
  const hidden = ({ way }: CountedCode, from: readonly string[]): readonly string[] =>
    way.by === 'reasons'
      ? []
      : (way.tables ?? []).filter((table) => catalogue.tables.has(table) && from.includes(table))
  const tablesOf = (from: readonly string[]): readonly string[] => [
    ...new Set(codes.flatMap((code) => hidden(code, from))),
  ]
  const [withoutGrant, withPolicy] = [tablesOf(unreadable), tablesOf(filtered)]
  const tables = [...withoutGrant, ...withPolicy]
  if (tables.length === 0) return []
  const grantee = `"${role}"`
  const missed = codes.filter((code) => hidden(code, tables).length > 0).map(({ code }) => code)
  return [
    finding('TABLES_NOT_COUNTED', {
      message: `${counted(tables.length, 'table of Synapse may', 'tables of Synapse may')} not be read, or not whole, so nobody looked for ${missed.join(', ')}`,
      count: tables.length,
      samples: tables,
      remedy: [
        ...(withoutGrant.length === 0
          ? []
          : [
              `GRANT SELECT ON ${withoutGrant.map((table) => `"${catalogue.schema}"."${table}"`).join(', ')} TO ${grantee};`,
            ]),
        ...(withPolicy.length === 0
          ? []
          : [`A row-level security policy hides rows of ${withPolicy.join(', ')}: ALTER ROLE ${grantee} BYPASSRLS;`]),
      ],
    }),
  ]
}
