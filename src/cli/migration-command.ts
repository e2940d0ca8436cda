import type { Command } from '@oclif/core'
import type { Settings } from '../config/settings.ts'
import { redactUrls } from '../errors/redact-urls.ts'
import { Syn2opError } from '../errors/syn2op-error.ts'
import type { MigrationRequest } from '../migration/request.ts'
import type { Document } from '../report/documents.ts'
import type { ReportRequest } from '../report/report-request.ts'
import type { TextOptions } from '../report/text/section.ts'
import { type ProgressListener, silentProgress } from '../targets/target.ts'
import { decideColour } from '../terminal/colour.ts'
import { BaseCommand } from './base-command.ts'
import { migrationRequest } from './migration-request.ts'
import { runsFolder } from './runs-folder.ts'

/** Columns of a result where the terminal does not say how wide it is. */
const WIDTH = 100

/** What the commands around a migration share: settings and files read, progress shown, the document printed. */
export abstract class MigrationCommand<T extends typeof Command> extends BaseCommand<T> {
  /** Reads the settings and their files, shows progress on stderr while `work` runs, prints its document. */
  protected async perform<Result extends Document>(
    work: (request: MigrationRequest) => Promise<Result | undefined>,
  ): Promise<Result | undefined> {
    const settings = await this.settings()
    const reports = settings.report?.value ?? []
    const { checkReportFiles } = await import('../report/write-report.ts')
    const predictions = this.predictionsFile(reports)
    await checkReportFiles(reports)
    const document = await this.watched(async (progress) =>
      work({ ...(await this.request(settings, progress)), ...predictions }),
    )
    if (document === undefined) return undefined
    await this.deliver(document, reports)
    return document
  }

  /** Where the whole list of what a sync would delete goes, for the commands that look for it. */
  private predictionsFile(reports: readonly ReportRequest[]): { readonly predictions?: string } {
    const asked = reports.find(({ kind }) => kind === 'predictions')
    if (asked === undefined) return {}
    if (this.id === 'plan' || this.id === 'verify') return { predictions: asked.file }
    throw new Syn2opError('usage', `\`${this.id}\` predicts nothing`, {
      next: ['`--report predictions=FILE` is for `syn2op plan` and `syn2op verify`.'],
    })
  }

  /** Prints a document and writes it to the files that were asked for. */
  protected async deliver(document: Document, reports: readonly ReportRequest[]): Promise<void> {
    const { writeReports } = await import('../report/write-report.ts')
    await this.print(document)
    await writeReports(document, reports)
    for (const { kind, file } of reports) this.tell('info', `Wrote the ${kind} report to ${file}`)
  }

  /** What installed plugins say in their hook `syn2op:targets`; one that fails is told, and the others count. */
  private async announcedTargets(): Promise<readonly unknown[]> {
    const { successes, failures } = await this.config.runHook('syn2op:targets', {})
    for (const { plugin, error } of failures) {
      this.tell('warn', `The plugin ${plugin.name} cannot say which targets it has: ${error.message}`)
    }
    return successes.map(({ result }) => result)
  }

  /** Reads the files that the settings name; a run that writes keeps its record in the folder of the runs. */
  protected async request(settings: Settings, progress: ProgressListener): Promise<MigrationRequest> {
    const { fileRecorder } = await import('../migration/runs/recorder.ts')
    const announced = () => this.announcedTargets()
    const command = [this.config.bin, ...(this.id ?? '').split(':'), ...this.argv].map(redactUrls)
    return {
      ...(await migrationRequest({ settings, announced, progress, signal: this.signal })),
      stopSoon: this.stopSoon,
      command,
      runs: runsFolder(settings),
      recorder: fileRecorder({
        runs: runsFolder(settings),
        command,
        warn: (message) => progress.note(message),
      }),
    }
  }

  /** For commands whose result is no report: a flag that did nothing would be a promise broken. */
  protected refuseReports(): void {
    const { report }: { readonly report?: readonly string[] | undefined } = this.flags
    if (report === undefined) return
    throw new Syn2opError('usage', `\`${(this.id ?? '').replaceAll(':', ' ')}\` writes no report`, {
      next: ['For programs: --json > FILE'],
    })
  }

  /** The request, where both configurations are given; for what also works without the databases. */
  protected async requestIfGiven(settings: Settings): Promise<MigrationRequest | undefined> {
    // Somebody else's target may need no configuration.
    const hasTarget = settings['target.config'] !== undefined || (settings['target.name']?.value ?? 'mas') !== 'mas'
    return settings['synapse.config'] !== undefined && hasTarget ? this.request(settings, silentProgress) : undefined
  }

  /** How a text fits the terminal. */
  protected textOptions(): TextOptions {
    return {
      width: process.stdout.columns ?? WIDTH,
      colour: decideColour({ env: process.env, isTty: process.stdout.isTTY }),
    }
  }

  /** Shows progress on stderr while `work` runs. */
  protected async watched<Result>(work: (progress: ProgressListener) => Promise<Result>): Promise<Result> {
    const { createTerminalProgress } = await import('../terminal/progress.ts')
    const progress = await createTerminalProgress({
      stream: process.stderr,
      isTty: process.stderr.isTTY,
      columns: process.stderr.columns ?? WIDTH,
      quiet: this.flags['log-level'] === 'error' || this.flags['log-level'] === 'warn',
    })
    try {
      return await work(progress)
    } finally {
      progress.stop()
    }
  }

  protected async print(document: Document): Promise<void> {
    if (this.jsonEnabled()) return
    const { renderText } = await import('../report/text/render-text.ts')
    this.log(renderText(document, this.textOptions()))
  }
}
