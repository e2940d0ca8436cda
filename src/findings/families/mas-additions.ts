import type { FindingEntry } from '../entry.ts'

/** Findings about what stands on the tables of MAS and was not made by a MAS that is known. */
export const MAS_ADDITION_FINDINGS = {
  MAS_FOREIGN_CONSTRAINT: {
    severity: 'error',
    title: 'Somebody has added constraints to the tables of MAS',
    why: 'A row that such a unique index, check or foreign key refuses ends the run after it has begun, or its account is rejected.',
    remedy: 'Drop them for the migration. Make them again afterwards, if MAS is to have them at all.',
    kind: 'data',
    names: 'things',
  },
  MAS_CONSTRAINT_UNKNOWN: {
    severity: 'warning',
    title: 'MAS has constraints that syn2op does not know',
    why: 'This MAS is newer, so they may be its own. A row that they refuse ends the run after it has begun, or its account is rejected.',
    remedy: 'Look for a newer syn2op, and try the migration on a copy first.',
    kind: 'data',
    names: 'things',
  },
  MAS_FOREIGN_TRIGGER: {
    severity: 'warning',
    title: 'Triggers stand on the tables of MAS',
    why: 'They run for the rows that are written, and may refuse, change or swallow them, or make the run slow. What they do cannot be told from outside.',
    remedy: 'Disable them for the migration, or accept this when you know that they only watch.',
    kind: 'data',
    names: 'things',
  },
} as const satisfies Record<string, FindingEntry>
