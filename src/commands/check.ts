import { backupFlags, ruleFlags, sourceFlags, targetFlags } from '../cli/flags.ts'
import { MigrationCommand } from '../cli/migration-command.ts'
import { EXIT } from '../errors/exit-codes.ts'
import type { CheckDocument } from '../report/documents.ts'

export default class Check extends MigrationCommand<typeof Check> {
  static override summary = 'Say what stands in the way of a migration'
  static override description =
    `Reads Synapse's database and configuration and those of the target, and says what makes a correct migration impossible (errors), what somebody has to acknowledge (warnings) and what is good to know (notices), each with what to do.

Synapse may run. Nothing is written, but what a run that died has left at the target is taken back.

Ends with 0 when a migration may start, 10 for errors, 11 for warnings that nobody has acknowledged.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> --synapse-config homeserver.yaml --target-config config.yaml',
    '<%= config.bin %> <%= command.id %> --accept GUESTS --accept SYNAPSE_RUNNING',
  ]
  static override flags = { ...sourceFlags, ...targetFlags, ...backupFlags, ...ruleFlags }

  async run(): Promise<CheckDocument | undefined> {
    const { check } = await import('../migration/check.ts')
    const { verdictOf } = await import('../findings/accept.ts')
    const document = await this.perform(check)
    if (document !== undefined) {
      this.exitWith(
        { clear: EXIT.done, warnings: EXIT.checkWarnings, errors: EXIT.checkErrors }[verdictOf(document.findings)],
      )
    }
    return document
  }
}
