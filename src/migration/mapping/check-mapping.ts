import type { Mapping } from '../../mapping/mapping.ts'
import type { MappingCheckDocument, MappingRemark } from '../../report/mapping-documents.ts'
import type { Unreached } from '../../report/runs-document.ts'
import { formatMoment } from '../../report/words.ts'
import { syn2opVersion } from '../../version.ts'
import { check } from '../check.ts'
import { withEnds } from '../open-source.ts'
import type { MigrationRequest } from '../request.ts'
import { askDatabase, isUnreached } from '../runs/ask-database.ts'
import { matchRemarks } from './match-remarks.ts'
import { namedRule } from './named-rule.ts'

/**
 * Says which rules match nothing, or not what they seem to be for. Without a request the file alone is looked at. Writes
 * nothing, but takes back what a dead run has left, as `check` does.
 * @throws Syn2opError mapping.invalid, where the databases or the target know better than the file.
 */
export const checkMapping = async (
  mapping: Mapping,
  request: MigrationRequest | undefined,
): Promise<MappingCheckDocument> => {
  const asked: Asked | Unreached | 'not asked' =
    request === undefined ? 'not asked' : await askDatabase(() => askEnds(mapping, request))
  const { databases, remarks } = isUnreached(asked) || asked === 'not asked' ? { databases: asked, remarks: [] } : asked
  return {
    kind: 'mapping-check',
    format: 1,
    syn2op: syn2opVersion(),
    mapping: { file: mapping.file, sha256: mapping.sha256 },
    databases,
    remarks: [...remarks, ...endedRemarks(mapping, Math.max(request?.asOf ?? 0, Date.now()))],
  }
}

interface Asked {
  readonly databases: 'asked' | Unreached
  readonly remarks: readonly MappingRemark[]
}

const askEnds = async (mapping: Mapping, request: MigrationRequest): Promise<Asked> => {
  const matched = await withEnds(request, ({ reader, relations, rules, naming }) =>
    matchRemarks({ mapping, reader, relations, ghosts: rules.ghosts, nameless: naming?.nameless ?? [] }),
  )
  if (mapping.accept.length === 0) return { databases: 'asked', remarks: matched }
  const { findings } = await check(request)
  const idle = mapping.accept.flatMap(({ code }, position): readonly MappingRemark[] =>
    findings.some((one) => one.code === code)
      ? []
      : [
          {
            ...namedRule(mapping, 'accept', String(position)),
            severity: 'notice',
            message: `nothing is found today that has the code ${code}`,
          },
        ],
  )
  return { databases: 'asked', remarks: [...matched, ...idle] }
}

const endedRemarks = (mapping: Mapping, now: number): readonly MappingRemark[] =>
  mapping.accept.flatMap(({ code, until }, position): readonly MappingRemark[] =>
    until === undefined || now < until
      ? []
      : [
          {
            ...namedRule(mapping, 'accept', String(position)),
            severity: 'warning',
            message: `${code} was accepted until ${formatMoment(new Date(until).toISOString())}, and is no longer`,
          },
        ],
  )
