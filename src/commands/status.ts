import { Flags } from '@oclif/core'
import { ruleFlags, runsFlags, sourceFlags, targetFlags } from '../cli/flags.ts'
import { runsFolder } from '../cli/runs-folder.ts'
import { TwoTargetsCommand } from '../cli/two-targets-command.ts'
import type { StatusDocument } from '../report/status.ts'

export default class Status extends TwoTargetsCommand<typeof Status> {
  static override summary = 'Say where the migration stands, and what to type next'
  static override description =
    'Looks whether Synapse runs, how far the target has come, how the last runs ended, and, where a copy stands aside, how many accounts have changed since. Of two targets, Keycloak and MAS, it tells of MAS with its part, and how far both are with the cohorts. Without the configurations it tells what the folders of the runs know. Writes nothing, and takes nothing back.'
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
    const document = (await this.ofTwo()) ?? (await this.ofOne())
    const { renderStatus } = await import('../report/text/status.ts')
    this.log(renderStatus(document, this.textOptions()).trimEnd())
    return document
  }

  private async ofTwo(): Promise<StatusDocument | undefined> {
    if (!(await this.isForTwo())) return undefined
    this.refuseReports()
    this.refuseForTwo({ upgraded: this.flags.upgraded ? true : undefined }, [
      'Passwords are at Keycloak: syn2op status --target keycloak --upgraded',
    ])
    const halves = await this.halvesIfGiven()
    if (halves === undefined) return undefined
    const { statusBoth } = await import('../migration/both/status-both.ts')
    return statusBoth(runsFolder(await this.settings()), halves)
  }

  private async ofOne(): Promise<StatusDocument> {
    const { status } = await import('../migration/status/status.ts')
    this.refuseReports()
    const settings = await this.settings()
    return this.flags.upgraded
      ? this.watched(async (progress) =>
          status(runsFolder(settings), await this.requestIfGiven(settings, progress), { upgraded: true }),
        )
      : status(runsFolder(settings), await this.requestIfGiven(settings))
  }
}
