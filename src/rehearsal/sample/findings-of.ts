import { decisions } from '../../accounts/decisions/decisions.ts'
import { auditSource } from '../../synapse/audit/audit.ts'
import { everybodyMigrates, type SampledSource } from './source-of-sample.ts'

/** Codes of what is found in the rows of the source, where everybody moves to MAS. */
export const findingsOf = async (source: SampledSource): Promise<readonly string[]> => {
  const { reader, catalogue, unreadable, homeserver, relations } = source
  const rules = everybodyMigrates(source)
  const { findings } = await auditSource({
    target: 'mas',
    readers: [reader],
    catalogue,
    unreadable,
    filtered: [],
    homeserver,
    relations,
    rules,
    decisions: decisions(relations, rules),
  })
  return [...new Set(findings.map(({ code }) => code))].toSorted()
}
