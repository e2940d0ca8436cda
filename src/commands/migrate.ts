import { Flags } from '@oclif/core'
import { ruleFlags, runsFlags, sourceFlags, targetFlags } from '../cli/flags.ts'
import { MigrationCommand } from '../cli/migration-command.ts'
import type { PlanDocument, RunDocument } from '../report/documents.ts'

export default class Migrate extends MigrationCommand<typeof Migrate> {
  static override summary = 'Move everything into an empty MAS'
  static override description =
    `Checks, shows the plan, asks, and moves: rows are shaped by Synapse's database, travel as binary copies and end with every index and constraint of MAS in place. Stop Synapse first; MAS must not run.

All or nothing: after an error or Ctrl-C the target is as it was before. If the process itself dies, the next command takes its rows back.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> --synapse-config homeserver.yaml --target-config config.yaml',
    '<%= config.bin %> <%= command.id %> --yes --accept all-warnings --report html=run.html --report json=run.json',
  ]
  static override flags = {
    ...sourceFlags,
    ...targetFlags,
    ...ruleFlags,
    ...runsFlags,
    concurrency: Flags.string({ summary: 'How many tables are copied at the same time (1 to 64)', helpValue: 'N' }),
  }

  async run(): Promise<RunDocument | undefined> {
    const { migrate } = await import('../migration/migrate.ts')
    const document = await this.perform((request) => migrate({ ...request, confirm: (plan) => this.confirmed(plan) }))
    if (document === undefined) this.tell('info', 'Nothing was written.')
    return document
  }

  private async confirmed(plan: PlanDocument): Promise<boolean> {
    if (this.flags.yes) return true
    await this.print(plan)
    const { confirm } = await import('../terminal/prompt.ts')
    return confirm(`Write this into ${plan.target.product} at ${plan.target.location}?`, {
      input: process.stdin,
      output: process.stderr,
      interactive: this.interactive,
      flag: '--yes',
    })
  }
}
