import { readFile } from 'node:fs/promises'
import type { z } from 'zod'
import { type Problem, Syn2opError } from '../../errors/syn2op-error.ts'
import type { PlanDocument } from '../../report/documents.ts'
import type { DecidedAccounts, Fingerprints } from '../../report/plan-parts.ts'
import { planSchema } from '../../report/schema/documents.ts'
import { causeOf } from '../../report/write-whole.ts'

/** A plan, and the file that holds it. */
export interface PlanFile {
  readonly file: string
  readonly document: PlanDocument
}

/** A plan with all that a run is bound by. */
export interface BindingPlan extends PlanFile {
  readonly document: PlanDocument & { readonly decided: DecidedAccounts; readonly fingerprints: Fingerprints }
}

const FORMAT = 1

/** How many of a file's faults are told. */
const SHOWN = 5

/** @throws Syn2opError plan.unreadable */
export const readPlanFile = async (file: string): Promise<PlanFile> => {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    throw unreadable(`${file} cannot be read: ${readCauseOf(error)}`, { cause: error })
  }
  return { file, document: parsePlan(file, text) }
}

const readCauseOf = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT') return 'there is no such file'
  if (code === 'EACCES') return 'you may not read it'
  return causeOf(error) ?? 'it fails'
}

/** @throws Syn2opError plan.unreadable */
export const parsePlan = (file: string, text: string): PlanDocument => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw unreadable(`${file} is no JSON, or was cut off`)
  }
  const { kind, format, syn2op } = Object(value) as Readonly<Record<string, unknown>>
  if (kind !== 'plan') {
    throw unreadable(
      `${file} is ${typeof kind === 'string' ? `a document of the kind ${kind}` : 'no document of syn2op'}, not a plan`,
    )
  }
  if (format !== FORMAT) {
    throw unreadable(
      `${file} is a plan of the format ${String(format)}, by syn2op ${String(syn2op)}; this version knows format ${FORMAT}`,
    )
  }
  const { success, error } = planSchema.safeParse(value)
  if (!success) throw unreadable(`${file} is no plan as syn2op writes it`, { problems: problemsOf(error, file) })
  return value as PlanDocument
}

const problemsOf = ({ issues }: z.ZodError, file: string): readonly Problem[] =>
  issues.slice(0, SHOWN).map(({ path, message }) => ({ message: `${path.join('.')}: ${message}`, at: { file } }))

/**
 * The plan as one that a run can be bound to.
 * @throws Syn2opError plan.unreadable
 */
export const bindingPlan = ({ file, document }: PlanFile): BindingPlan => {
  const { decided, fingerprints } = document
  if (decided !== undefined && fingerprints !== undefined)
    return { file, document: { ...document, decided, fingerprints } }
  throw unreadable(
    document.findings.some(({ severity }) => severity === 'error')
      ? `${file} was made while a migration was impossible, and decides about nobody`
      : `${file} does not have the decision about every account`,
  )
}

const unreadable = (
  message: string,
  { problems = [], cause }: { readonly problems?: readonly Problem[]; readonly cause?: unknown } = {},
): Syn2opError =>
  new Syn2opError('plan.unreadable', message, {
    problems,
    next: ['Make a plan that a run can be bound to: syn2op plan --out plan.json'],
    ...(cause === undefined ? {} : { cause }),
  })
