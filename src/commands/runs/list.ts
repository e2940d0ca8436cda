import { ruleFlags, runsFlags, sourceFlags, targetFlags } from '../../cli/flags.ts'
import { MigrationCommand } from '../../cli/migration-command.ts'
import { runsFolder } from '../../cli/runs-folder.ts'
import type { RunsDocument } from '../../report/runs-document.ts'

export default class RunsList extends MigrationCommand<typeof RunsList> {
  static override summary = 'List the runs and how each ended'
  static override description =
    'Reads the folders of the runs, and, where the configurations of Synapse and the target are given, the journal at the target. Writes nothing.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --synapse-config homeserver.yaml --target-config config.yaml --json',
  ]
  static override flags = { ...sourceFlags, ...targetFlags, ...ruleFlags, ...runsFlags }

  async run(): Promise<RunsDocument> {
    const { listRuns } = await import('../../migration/runs/list-runs.ts')
    const { renderRuns } = await import('../../report/text/runs.ts')
    this.refuseReports()
    const settings = await this.settings()
    const document = await listRuns(runsFolder(settings), await this.requestIfGiven(settings))
    this.log(renderRuns(document, this.textOptions()).trimEnd())
    return document
  }
}
