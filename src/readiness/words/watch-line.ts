import { counted } from '../../report/counted.ts'
import type { ReadinessDocument } from '../../report/readiness-document.ts'
import { compareReadiness } from '../compare.ts'
import { openFailures } from './exit.ts'
import { clientName, clockTime, worstFirst } from './names.ts'

/**
 * What is other than in the round before, a line each, such as `03:12:04 UTC  TOKENS_CHECKED  mended: 503 → 401`; none where
 * nothing is. Of the first round, what fails.
 */
export const watchLine = (before: ReadinessDocument | undefined, now: ReadinessDocument): readonly string[] =>
  (before === undefined ? firstRound(now) : laterRound(before, now)).map((words) => `${clockTime(now.at)}  ${words}`)

const firstRound = (now: ReadinessDocument): readonly string[] => {
  const errors = openFailures(now.probes, 'error').length
  const head =
    errors === 0 ? 'no probe fails with an error' : `${counted(errors, 'probe fails', 'probes fail')} with an error`
  return [head, ...worstFirst(now.probes).map(({ code, level, seen }) => `${code}  ${level}: ${seen}`)]
}

const CHANGES = { broken: 'broken', mended: 'mended', other: 'changed' } as const

const laterRound = (before: ReadinessDocument, now: ReadinessDocument): readonly string[] => {
  const { probes, abilities } = compareReadiness(before, now)
  return [
    ...probes.map(({ code, change, seen: [was, is] }) => `${code}  ${CHANGES[change]}: ${was} → ${is}`),
    ...abilities.map(({ client, deed, before: was, now: is, change }) => {
      if (change === 'lost') return `${clientName(client)}: nobody can ${deed} any more`
      return change === 'gained'
        ? `${clientName(client)}: people can ${deed}`
        : `${clientName(client)}: ${deed}: ${was} → ${is}`
    }),
  ]
}
