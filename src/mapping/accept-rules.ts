import { placeOf } from '../config/yaml/check-schema.ts'
import type { Located } from '../config/yaml/located.ts'
import { didYouMean } from '../errors/did-you-mean.ts'
import type { Problem } from '../errors/syn2op-error.ts'
import { entryOf, FINDINGS } from '../findings/catalogue.ts'
import type { AcceptInFile } from './accept-schema.ts'
import type { AcceptRule } from './mapping.ts'
import { endOf } from './moment-schema.ts'

/** Makes the acknowledgements as they are written; those that acknowledge nothing are problems. */
export const readAccept = (
  entries: AcceptInFile,
  { root, file }: { readonly root: Located | undefined; readonly file: string },
): { readonly accept: readonly AcceptRule[]; readonly problems: readonly Problem[] } => {
  const accept = entries.map(toRule)
  const problems = accept.flatMap(({ code }, position) => {
    const fault = faultOf(code, accept.slice(0, position))
    const at = placeOf(root, ['accept', String(position), 'code']) ?? { file }
    return fault === undefined ? [] : [{ message: `\`accept.${position}\`: ${fault}`, at }]
  })
  return { accept, problems }
}

const toRule = (entry: AcceptInFile[number]): AcceptRule => {
  if (typeof entry === 'string') return { code: entry }
  const { code, reason, until } = entry
  return {
    code,
    ...(reason === undefined ? {} : { reason }),
    ...(until === undefined ? {} : { until: endOf(until) }),
  }
}

const faultOf = (code: string, before: readonly AcceptRule[]): string | undefined => {
  const entry = entryOf(code)
  if (entry === undefined) {
    const meant = didYouMean(code, Object.keys(FINDINGS))
    return `no finding has the code ${code}${meant === undefined ? '' : `; did you mean ${meant}?`}`
  }
  const { severity } = entry
  if (severity === 'error') return `${code} is an error, and errors cannot be accepted`
  if (severity === 'notice') return `${code} is a notice, and a notice needs no acknowledgement`
  return before.some((earlier) => earlier.code === code) ? `${code} is accepted above already` : undefined
}
