import { Flags } from '@oclif/core'
import { ruleFlags, runsFlags, sourceFlags, targetFlags } from '../cli/flags.ts'
import { MigrationCommand } from '../cli/migration-command.ts'
import { runsFolder } from '../cli/runs-folder.ts'
import type { StatusDocument } from '../report/status.ts'

export default class Status extends MigrationCommand<typeof Status> {
  static override summary = 'Say where the migration stands, and what to type next'
  static override description =
    'Looks whether Synapse runs, how far the target has come, how the last runs ended, and, where a copy stands aside, how many accounts have changed since. Without the configurations it tells what the folders of the runs know. Writes nothing, and takes nothing back.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --synapse-config homeserver.yaml --target-config config.yaml',
    '<%= config.bin %> <%= command.id %> --target keycloak --target-config keycloak.yaml --upgraded',
  ]
  static override flags = {
    ...sourceFlags,
    ...targetFlags,
    ...ruleFlags,
    ...runsFlags,
    upgraded: Flags.boolean({
      summary: 'Count whose password the target has hashed anew; of Keycloak, some 500 accounts a second',
    }),
  }

  async run(): Promise<StatusDocument> {
    const { status } = await import('../migration/status/status.ts')
    const { renderStatus } = await import('../report/text/status.ts')
    this.refuseReports()
    const settings = await this.settings()
    const document = this.flags.upgraded
      ? await this.watched(async (progress) =>
          status(runsFolder(settings), await this.requestIfGiven(settings, progress), { upgraded: true }),
        )
      : await status(runsFolder(settings), await this.requestIfGiven(settings))
    this.log(renderStatus(document, this.textOptions()).trimEnd())
    return document
  }
}
