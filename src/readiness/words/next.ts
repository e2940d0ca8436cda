import { numbered } from '../../report/counted.ts'
import type { Page } from '../../report/page.ts'
import type { ReadinessDocument, ReadinessProbe } from '../../report/readiness-document.ts'
import { listed } from '../listed.ts'
import { conflictsLevel } from './exit.ts'
import { clientName, sentence, worstFirst } from './names.ts'

type Step = Page['next'][number]

/** What to do, worst first: of each failure its remedy, then what the configuration and the walk ask for. */
export const nextSteps = (document: ReadinessDocument): readonly Step[] => [
  ...remedySteps(document.probes),
  ...movedSteps(document),
  ...configurationSteps(document),
  ...(document.walk?.steps ?? [])
    .filter(({ outcome, remedy }) => outcome === 'failed' && remedy.length > 0)
    .flatMap(({ step, remedy }) => stepsOf(`Step ${step}`, remedy)),
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
  return [...codes.values()].flatMap(({ of, remedy }) => stepsOf(of, remedy))
}

/**
 * A line after one that ends in a colon is to be typed or written; everything else is said. What is said after such a line is a
 * step of its own, so that each line stands below the words that announce it.
 */
const stepsOf = (of: string, remedy: readonly string[]): readonly Step[] => {
  const steps: Step[] = []
  for (const [index, line] of remedy.entries()) {
    const last = steps.at(-1)
    const isTyped = index > 0 && remedy[index - 1]?.endsWith(':') === true && !/^[A-Z][^:]*[.]$/u.test(line)
    if (isTyped && last !== undefined) steps.splice(-1, 1, { ...last, commands: [...last.commands, line] })
    else if (last === undefined) steps.push({ text: `${of}: ${sentence(line)}`, commands: [] })
    else if (last.commands.length > 0) steps.push({ text: sentence(line), commands: [] })
    else steps.splice(-1, 1, { ...last, text: `${last.text} ${sentence(line)}` })
  }
  return steps
}

/** What people do now at the OP in place of their app. */
const movedSteps = ({ comparison, probes }: ReadinessDocument): readonly Step[] => {
  const moved = (comparison?.abilities ?? []).filter(({ change }) => change === 'moved')
  if (moved.length === 0) return []
  const clients = [...new Set(moved.map(({ client }) => clientName(client)))]
  const all = [...new Set(moved.map(({ deed }) => deed))]
  const deeds = all.filter((deed) => deed !== 'sign up')
  const signUp = all.includes('sign up') ? ['sign up at the OP'] : []
  const page = /https?:\/\/\S+/u.exec(probes.find(({ code }) => code === 'ACCOUNT_PAGE')?.seen ?? '')?.[0]
  const where = `on the OP’s account page${page === undefined ? '' : `, ${page}`}`
  return [
    {
      text: `Tell people: with ${clients.join('; ')} they ${[...signUp, ...(deeds.length === 0 ? [] : [`${listed(deeds)} ${where}`])].join(', and ')}`,
      commands: [],
    },
  ]
}

/** The changes stand in their table. */
const configurationSteps = (document: ReadinessDocument): readonly Step[] => {
  const { configuration } = document
  if (configuration === undefined || configuration.conflicts.length === 0) return []
  const when = conflictsLevel(document) === 'warning' ? 'Before MAS gets the logins: ' : ''
  const count = configuration.conflicts.length
  const files = [...new Set(configuration.conflicts.map(({ file }) => file))]
  const changes = count === 1 ? 'this change' : `these ${numbered(count)} changes`
  return [{ text: `${when}Make ${changes} in ${listed(files)}, then run this again.`, commands: [] }]
}
