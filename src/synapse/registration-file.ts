import { parseLocated } from '../config/yaml/parse-located.ts'
import { type Section, sectionOver } from '../config/yaml/section.ts'
import type { Problem } from '../errors/syn2op-error.ts'
import type { ApplicationService } from './homeserver.ts'

/**
 * Reads what is needed of the registration of an application service; its tokens are not looked at, so that a copy
 * without them will do. Undefined, and problems with their lines, where Synapse would refuse it too.
 * Source: the Matrix specification (Application Service API, "Registration"); tried with Synapse 1.163.2.
 */
export const parseRegistration = (text: string, file: string, problems: Problem[]): ApplicationService | undefined => {
  const parsed = parseLocated(text, file, '1.1')
  if (parsed.problems.length > 0) {
    problems.push(...parsed.problems)
    return undefined
  }
  const before = problems.length
  const root = sectionOver(parsed.value, '', problems)
  const id = required(root, 'id', file, problems)
  const sender = required(root, 'sender_localpart', file, problems)
  if (!root.has('namespaces')) problems.push({ message: '`namespaces` is missing', at: root.at ?? { file } })
  const users = (root.section('namespaces').sections('users') ?? []).map((entry) => ({
    regex: entry.text('regex')?.value ?? missing(entry, 'regex', ''),
    exclusive: entry.boolean('exclusive')?.value ?? missing(entry, 'exclusive', false),
  }))
  const msc4190 = root.boolean('io.element.msc4190')?.value ?? false
  return problems.length === before ? { id, file, sender, users, msc4190 } : undefined
}

const required = (root: Section, key: string, file: string, problems: Problem[]): string => {
  const value = root.text(key)?.value
  if (value === undefined && !root.has(key))
    problems.push({ message: `\`${key}\` is missing`, at: root.at ?? { file } })
  return value ?? ''
}

/** What is there and of the wrong type is told already. */
const missing = <Value>(entry: Section, key: string, instead: Value): Value => {
  if (!entry.has(key)) entry.problem(`\`${entry.path}.${key}\` is missing`)
  return instead
}
