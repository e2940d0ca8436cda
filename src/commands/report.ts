import { Args } from '@oclif/core'
import { runsFlags } from '../cli/flags.ts'
import { MigrationCommand } from '../cli/migration-command.ts'
import { runsFolder } from '../cli/runs-folder.ts'
import { Syn2opError } from '../errors/syn2op-error.ts'
import type { PlanDocument, RunDocument } from '../report/documents.ts'
import type { RollbackDocument } from '../report/rollback-document.ts'

export default class Report extends MigrationCommand<typeof Report> {
  static override summary = 'Show the report of a run again'
  static override description =
    'Renders the document in the folder of a run as the run itself did: its report, or its plan where it did not come to an end. No database is asked.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> last',
    '<%= config.bin %> <%= command.id %> 20261121-031500-9f3a --report html=run.html --report json=run.json',
  ]
  static override args = {
    run: Args.string({ description: 'The id of a run, as `syn2op runs list` shows it, or last', required: true }),
  }
  static override flags = { ...runsFlags }

  async run(): Promise<RunDocument | PlanDocument | RollbackDocument> {
    const { storedDocument } = await import('../migration/runs/stored-document.ts')
    const settings = await this.settings()
    const reports = settings.report?.value ?? []
    if (reports.some(({ kind }) => kind === 'predictions')) {
      throw new Syn2opError('usage', 'A run that is over predicts nothing', {
        next: ['`--report predictions=FILE` is for `syn2op plan` and `syn2op verify`.'],
      })
    }
    const { checkReportFiles } = await import('../report/write-report.ts')
    await checkReportFiles(reports)
    const document = await storedDocument(runsFolder(settings), this.args.run)
    const shown = await this.deliver(document, reports)
    if (document.kind === 'plan' || (document.kind === 'rollback' && document.runId === undefined))
      this.tell('info', 'This run did not come to an end: what is shown is its plan.')
    return shown
  }
}
