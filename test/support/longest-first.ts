import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * Files that take a minute or more: whichever of them began last would keep one worker busy while the other has nothing to do. Of
 * those that share a Keycloak there is none: it is slow as long as it is new.
 */
const LONGEST = [
  'property/offline.test.ts',
  'property/online.test.ts',
  'faults/random-kills.test.ts',
  'faults/keycloak-resume.test.ts',
  'faults/disturbances.test.ts',
  'faults/online.test.ts',
  'faults/keycloak-killed.test.ts',
  'integration/rehearsal/container-services.test.ts',
  'integration/stages/fifty.long.test.ts',
  'integration/slow-road/cohorts.test.ts',
  'integration/slow-road/rollback.test.ts',
  'integration/real-synapse-port.long.test.ts',
  'integration/rehearsal/keycloak.test.ts',
  'integration/rehearsal/program.test.ts',
  'integration/targets/mas/merge/interleaved.test.ts',
]

const rank = ({ moduleId }: TestSpecification): number => {
  const at = LONGEST.findIndex((name) => moduleId.endsWith(`test/${name}`))
  return at === -1 ? LONGEST.length : at
}

/** Begins with the files that take longest; the others in Vitest's own order. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- It is a method of the sequencer.
    const inOrder = await super.sort(files)
    return inOrder.toSorted((one, other) => rank(one) - rank(other))
  }
}
