import { acceptFlags } from '../findings/accept.ts'
import type { RehearsalDocument } from './documents.ts'
import type { NextStep } from './next-steps.ts'

const step = (text: string, ...commands: readonly string[]): NextStep => ({ text, commands })

/**
 * What to do after a rehearsal.
 * @param passed as its report says.
 */
export const rehearsalSteps = (
  document: RehearsalDocument,
  { passed }: { readonly passed: boolean },
): readonly NextStep[] => [...keptSteps(document), ...(passed ? afterPassing(document) : afterFailing(document))]

const keptSteps = ({ kept }: RehearsalDocument): readonly NextStep[] =>
  kept === undefined ? [] : [step('Look at what was left running, and then end it:', kept.end)]

const afterFailing = (document: RehearsalDocument): readonly NextStep[] => {
  const next = document.failure?.next ?? []
  return [
    ...(next.length === 0 ? [] : [step('As the error says:', ...next)]),
    step(
      next.length === 0 ? 'See what is said of the step that failed, and rehearse again:' : 'Then rehearse again:',
      again(document),
    ),
  ]
}

const FROM: Readonly<Record<RehearsalDocument['people']['kind'], string>> = {
  demo: '--demo',
  sample: '--sample DIR',
  real: '--synapse-config homeserver.yaml',
}

const targetOf = ({ plan }: RehearsalDocument): string => plan.target.product.toLowerCase()

const again = (document: RehearsalDocument): string => {
  const target = targetOf(document)
  return ['syn2op rehearse', FROM[document.people.kind], ...(target === 'mas' ? [] : [`--target ${target}`])].join(' ')
}

const afterPassing = (document: RehearsalDocument): readonly NextStep[] => {
  const { people, toAccept } = document
  const target = targetOf(document)
  if (people.kind === 'demo') {
    return [
      step(
        'Nothing of yours was read or written. Rehearse with a copy of your own people:',
        `syn2op rehearse ${FROM.real}${target === 'mas' ? '' : ` --target ${target}`}`,
      ),
      step(
        'Or see what stands in the way at your own homeserver:',
        `syn2op check ${FROM.real} --target-config ${target === 'mas' ? 'config' : target}.yaml`,
      ),
      ...(target === 'mas' ? [step('The whole way is told in docs/how-to/synapse-to-mas.md.')] : []),
    ]
  }
  return [
    step(
      toAccept.length === 0
        ? 'Plan against your own target:'
        : 'Plan against your own target, with the warnings that you have read and accept:',
      ['syn2op plan', ...acceptFlags(toAccept.map((code) => ({ code })))].join(' '),
    ),
  ]
}
