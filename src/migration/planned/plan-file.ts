import { Syn2opError } from '../../errors/syn2op-error.ts'
import type { PlanDocument } from '../../report/documents.ts'
import type { DecidedAccounts, Fingerprints } from '../../report/plan-parts.ts'
import { parseDocument, readDocumentText, type Unreadable } from '../../report/read-document.ts'
import { planSchema } from '../../report/schema/documents.ts'

/** A plan, and the file that holds it. */
export interface PlanFile {
  readonly file: string
  readonly document: PlanDocument
}

/** A plan with all that a run is bound by. */
export interface BindingPlan extends PlanFile {
  readonly document: PlanDocument & { readonly decided: DecidedAccounts; readonly fingerprints: Fingerprints }
}

/** @throws Syn2opError plan.unreadable */
export const readPlanFile = async (file: string): Promise<PlanFile> => ({
  file,
  document: parsePlan(file, await readDocumentText(file, unreadable)),
})

/** @throws Syn2opError plan.unreadable */
export const parsePlan = (file: string, text: string): PlanDocument =>
  // The schema says what the type says.
  parseDocument(file, text, { kind: 'plan', name: 'plan', schema: planSchema, unreadable }) as PlanDocument

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

const unreadable: Unreadable = (message, options = {}) =>
  new Syn2opError('plan.unreadable', message, {
    ...options,
    next: ['Make a plan that a run can be bound to: syn2op plan --out plan.json'],
  })
