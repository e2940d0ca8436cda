import { RULES } from '../../src/rehearsal/standins/auth0/rules/index.ts'
import type { Grade, Rule, Source } from '../../src/rehearsal/standins/auth0/rules/rule.ts'
import { code, pageHead, table } from './markdown.ts'

const GRADES: Readonly<Record<Grade, string>> = {
  documented: "Auth0's documentation says so",
  specified: "the OpenAPI documents of Auth0's APIs say so",
  'support article': "Auth0's staff says so, outside the documentation",
  'seen by others': 'somebody published what a tenant answered',
  inferred: 'nobody says so in words: it is our reading of what is quoted',
}

const pageOf = ({ title, page }: Source): string =>
  page.startsWith('https://') ? `[${title}](${page})` : `${title} (${code(page)})`

/** A quote can hold backticks, as its page does: the fence around it has more of them. */
const quoted = (quote: string): string => {
  const longest = Math.max(0, ...[...quote.matchAll(/`+/gu)].map(([ticks]) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  return longest === 0 ? code(quote) : `${fence} ${quote} ${fence}`
}

const sourceText = (source: Source): string => `${quoted(source.quote)} ${pageOf(source)}, *${source.grade}*`

const ruleRow = ({ id, says, sources, breaks }: Rule): readonly string[] => [
  code(id),
  says,
  breaks.map(({ wrong }) => wrong).join('; '),
  sources.map(sourceText).join('<br>'),
]

const counted = (): string => {
  const rules = Object.values(RULES).flat()
  const inferred = rules.filter(({ sources }) => sources.every(({ grade }) => grade === 'inferred')).length
  return `${rules.length} rules, of which ${inferred} are inferred by us.`
}

/** docs/reference/auth0-rules.md, from the table that the stand-in of Auth0 is built from. */
export const auth0RulesPage = (): string =>
  `${[
    pageHead('What Auth0 publishes, and what the stand-in holds to'),
    '**No tenant of Auth0 was asked.** Everything here comes from what Auth0, and people who have a tenant, published. A rehearsal runs against a stand-in that is built from these rules; it shows that a migration keeps them, not that they are all there is, and not that a tenant keeps them. Where nobody says what happens, the stand-in takes the stricter reading.',
    `Each rule has a request that keeps it and requests that break it; tests hold the stand-in to both. ${counted()}`,
    'How well a source knows:',
    table(
      ['Grade', 'Means'],
      Object.entries(GRADES).map(([grade, means]) => [grade, means]),
    ),
    "Paths are those of Auth0's documentation, without its host. Of a specification the part that says so is quoted, shortened.",
    ...Object.entries(RULES).flatMap(([subject, rules]) => [
      `## ${subject}`,
      table(['Rule', 'Says', 'Refused', 'Sources'], rules.map(ruleRow)),
    ]),
  ].join('\n\n')}\n`
