import { Flags } from '@oclif/core'
import { cohortFlags, ruleFlags, runsFlags, sourceFlags, targetFlags } from '../cli/flags.ts'
import { MigrationCommand } from '../cli/migration-command.ts'
import { EXIT } from '../errors/exit-codes.ts'
import type { PlanDocument } from '../report/documents.ts'

export default class Plan extends MigrationCommand<typeof Plan> {
  static override summary = 'Say for every account and row what will become of it'
  static override description =
    `A dry run: the decision is made over one snapshot of Synapse's database, by the statement that a migration uses, and counted: how many accounts migrate, how many rows are carried, and how many are left, for which reason.

Where the target has people, or an online copy stands aside, it says account by account what would be created, changed and removed, by the code that would do it.

Synapse may run. No row is written.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> --synapse-config homeserver.yaml --target-config config.yaml',
    '<%= config.bin %> <%= command.id %> --mapping my-rules.yaml --report html=plan.html',
    '<%= config.bin %> <%= command.id %> --cohort pilot',
  ]
  static override flags = {
    ...sourceFlags,
    ...targetFlags,
    ...ruleFlags,
    ...cohortFlags,
    ...runsFlags,
    'detailed-exit-code': Flags.boolean({ summary: 'End with 2 when there is something to migrate' }),
  }

  async run(): Promise<PlanDocument | undefined> {
    const { plan } = await import('../migration/plan.ts')
    const document = await this.perform(plan)
    if (this.flags['detailed-exit-code'] && document !== undefined && hasChanges(document))
      this.exitWith(EXIT.planHasChanges)
    return document
  }
}

const CHANGES: readonly string[] = ['created', 'updated', 'removed']

/** Into an empty target, whatever is carried. */
const hasChanges = ({ outcomes, relations }: PlanDocument): boolean =>
  outcomes === undefined
    ? relations.some(({ carried }) => carried > 0)
    : outcomes.some(({ outcome }) => CHANGES.includes(outcome))
