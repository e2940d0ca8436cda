import { isAboutData } from '../findings/accept.ts'
import type { InitFacts } from './facts.ts'
import { comment, remark, suggestion } from './yaml-text.ts'

/** The warnings that are open, each behind # with its own words: acknowledging them is a person's decision. */
export const acceptLines = ({ findings }: InitFacts): readonly string[] => {
  const open = (findings ?? []).filter(({ severity, code }) => severity === 'warning' && isAboutData(code))
  return [
    comment('Warnings that you have read and accept: a code, or also why and until when, such as'),
    comment('  - { code: SHADOW_BANS_END, reason: they are locked by now, until: 2027-01-31 }'),
    findings === undefined ? comment('`syn2op check` says which there are.') : comment(openToday(open.length)),
    'accept:',
    ...open.flatMap(({ code, message }) => [remark(message), suggestion(`- ${code}`)]),
  ]
}

const openToday = (count: number): string =>
  count === 0 ? 'None about the data is open today.' : `Open today, with the rules above: ${count}.`
