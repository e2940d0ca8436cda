import type { Finding } from '../findings/finding.ts'
import type { PlanDocument, RunDocument, VerifyDocument } from './documents.ts'
import { isProved } from './is-proved.ts'
import type { LinkDocument } from './link-document.ts'
import type { NextStep } from './next-steps.ts'
import type { Stage } from './run-parts.ts'

interface OfTwo {
  readonly format: 1
  /** syn2op's own version. */
  readonly syn2op: string
  readonly serverName: string
  readonly next: readonly NextStep[]
}

/** What would become of everybody at two targets, of which the first logs people in to the second. */
export interface PlanOfTwo extends OfTwo {
  readonly kind: 'plan-of-two'
  /** In the order in which they are written. */
  readonly plans: readonly [PlanDocument, PlanDocument]
  /** Joins the people of both; absent where a target is in no state to be looked at. */
  readonly links?: LinkDocument
}

/** What runs into two targets did, as far as they came. */
export interface RunOfTwo extends OfTwo {
  readonly kind: 'run-of-two'
  /** In the order in which they ran, each with a name and a folder of its own. */
  readonly runs: readonly RunDocument[]
  /** Absent while the second target has nobody in place yet. */
  readonly links?: LinkDocument
}

/** Whether two targets hold what they should, and the links between them. */
export interface VerifyOfTwo extends OfTwo {
  readonly kind: 'verify-of-two'
  readonly verifications: readonly [VerifyDocument, VerifyDocument]
  /** Absent while nobody is in place at the second target yet. */
  readonly links?: LinkDocument
}

export type DocumentOfTwo = PlanOfTwo | RunOfTwo | VerifyOfTwo

/** The cohorts as far as both targets have come with them; who is in which was put on record for each by itself. */
export const stagesOfTwo = (documents: readonly { readonly stages?: readonly Stage[] }[]): readonly Stage[] => {
  const known = new Map<string, Stage>()
  for (const stage of documents.flatMap(({ stages = [] }) => stages)) {
    const before = known.get(stage.name) ?? stage
    known.set(stage.name, {
      name: stage.name,
      members: Math.max(before.members, stage.members),
      begun: before.begun && stage.begun,
      recorded: Math.min(before.recorded, stage.recorded),
    })
  }
  return [...known.values()]
}

/** Of those whom only the second target has, or would have: nobody can log in anew to these accounts. */
export const onlyAtSecond = (links: LinkDocument | undefined): Finding | undefined =>
  links?.findings.find(({ code }) => code === 'LINK_NOT_AT_KEYCLOAK')

/** Whether there are such, and nobody has acknowledged it. */
export const isShutOut = (links: LinkDocument | undefined): boolean => {
  const found = onlyAtSecond(links)
  return found !== undefined && found.accepted === undefined
}

/** Links that are missing, or lead elsewhere and that nobody has acknowledged. */
export const wrongLinks = ({ links = {}, findings }: LinkDocument): number => {
  const isAccepted = findings.some(({ code, accepted }) => code === 'LINK_CONFLICTS' && accepted !== undefined)
  const hasErrors = findings.some(({ severity }) => severity === 'error')
  return (links.write ?? 0) + (isAccepted ? 0 : (links.conflicts ?? 0)) + (hasErrors ? 1 : 0)
}

/** Whether the second target has a part of the accounts, or a copy of them, aside: nobody is in place there yet. */
export const standsAside = ({ plans: [, accounts] }: Pick<PlanOfTwo, 'plans'>): boolean => {
  const codes = accounts.findings.map(({ code }) => code)
  return codes.includes('MAS_COPY_ASIDE') || (accounts.cohort !== undefined && !codes.includes('MAS_HAS_PEOPLE'))
}

export const areProved = ({ verifications, links }: Pick<VerifyOfTwo, 'verifications' | 'links'>): boolean =>
  verifications.every(isProved) && (links === undefined || wrongLinks(links) === 0) && !isShutOut(links)
