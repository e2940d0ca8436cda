import type { Page } from '../../report/page.ts'
import type { ReadinessDocument, ReadinessProbe } from '../../report/readiness-document.ts'
import { conflictsLevel } from './exit.ts'
import { clientName, listed, sentence, worstFirst } from './names.ts'

type Step = Page['next'][number]

/** What to do, worst first: of each failure its remedy, then what the configuration and the walk ask for. */
export const nextSteps = (document: ReadinessDocument): readonly Step[] => [
  ...remedySteps(document.probes),
  ...movedSteps(document),
  ...configurationSteps(document),
  ...(document.walk?.steps ?? [])
    .filter(({ outcome, remedy }) => outcome === 'failed' && remedy.length > 0)
    .map(({ step, remedy }) => stepOf(`Step ${step}`, remedy)),
]

/** Probes with the same remedy are told together, at the worst of them. */
const remedySteps = (probes: readonly ReadinessProbe[]): readonly Step[] => {
  const codes = new Map<string, { readonly remedy: readonly string[]; readonly of: string }>()
  for (const { code, level, accepted, remedy } of worstFirst(probes)) {
    if (level === 'info' || accepted !== undefined || remedy.length === 0) continue
    const key = JSON.stringify(remedy)
    const of = codes.get(key)?.of
    codes.set(key, { remedy, of: of === undefined ? code : `${of}, ${code}` })
  }
  return [...codes.values()].map(({ of, remedy }) => stepOf(of, remedy))
}

/** A line after one that ends in a colon is to be typed or written; everything else is said. */
const stepOf = (of: string, remedy: readonly string[]): Step => {
  const isTyped = (line: string, index: number): boolean =>
    index > 0 && remedy[index - 1]?.endsWith(':') === true && !/^[A-Z][^:]*[.]$/u.test(line)
  return {
    text: `${of}: ${remedy
      .filter((line, index) => !isTyped(line, index))
      .map(sentence)
      .join(' ')}`,
    commands: remedy.filter(isTyped),
  }
}

/** What people do now at the OP in place of their app. */
const movedSteps = ({ comparison, probes }: ReadinessDocument): readonly Step[] => {
  const moved = (comparison?.abilities ?? []).filter(({ change }) => change === 'moved')
  if (moved.length === 0) return []
  const clients = [...new Set(moved.map(({ client }) => clientName(client)))]
  const deeds = [...new Set(moved.map(({ deed }) => deed))]
  const page = /https?:\/\/\S+/u.exec(probes.find(({ code }) => code === 'ACCOUNT_PAGE')?.seen ?? '')?.[0]
  const where = `on the OP’s account page${page === undefined ? '' : `, ${page}`}`
  return [{ text: `Tell people: with ${clients.join('; ')} they ${listed(deeds)} ${where}`, commands: [] }]
}

const configurationSteps = (document: ReadinessDocument): readonly Step[] => {
  const { configuration } = document
  if (configuration === undefined) return []
  const when = conflictsLevel(document) === 'warning' ? 'Before MAS gets the logins, in' : 'In'
  return configuration.conflicts.map(({ file, line, path, change }) => ({
    text: `${when} ${line === undefined ? file : `${file}:${line}`}, ${path}: ${sentence(change)}`,
    commands: [],
  }))
}
