import type { Command } from '@oclif/core'
import type { Settings } from '../config/settings.ts'
import { redactUrls } from '../errors/redact-urls.ts'
import { Syn2opError } from '../errors/syn2op-error.ts'
import type { MigrationRequest } from '../migration/request.ts'
import type { Document } from '../report/documents.ts'
import type { ReportRequest } from '../report/report-kinds.ts'
import type { TextOptions } from '../report/text/section.ts'
import type { GivenFlags } from '../report/typed-again.ts'
import { type ProgressListener, silentProgress } from '../targets/progress.ts'
import { decideColour } from '../terminal/colour.ts'
import { columnsOf } from '../terminal/columns.ts'
import { BaseCommand } from './base-command.ts'
import { migrationRequest, type RequestContext } from './migration-request.ts'
import { runsFolder } from './runs-folder.ts'
import type { OpenStagedFile } from './stage-source.ts'
import { areTwo, onlyTarget } from './targets.ts'

/** The commands that find what will be different for people. */
const PREDICT: readonly string[] = ['plan', 'verify', 'rehearse']

/** What the commands around a migration share: settings and files read, progress shown, the document printed. */
export abstract class MigrationCommand<T extends typeof Command> extends BaseCommand<T> {
  readonly #staged: OpenStagedFile[] = []
  #pseudonyms: Promise<Pick<MigrationRequest, 'pseudonyms'>> | undefined

  /** Reads the settings and their files, shows progress on stderr while `work` runs, prints its document. */
  protected async perform<Result extends Document>(
    work: (request: MigrationRequest) => Promise<Result | undefined>,
  ): Promise<Result | undefined> {
    const settings = await this.settings()
    const { reports, lists } = await this.reportsAsked(settings)
    const document = await this.watched(async (progress) =>
      work({ ...(await this.request(settings, progress)), ...lists }),
    )
    if (document === undefined) return undefined
    return this.deliver(document, reports)
  }

  /** The reports that were asked for, all of which can be written, and what the work needs for those it writes itself. */
  protected async reportsAsked({ report }: Settings): Promise<{
    readonly reports: readonly ReportRequest[]
    readonly lists: Pick<MigrationRequest, 'predictions' | 'pseudonyms'>
  }> {
    const reports = report?.value ?? []
    const lists = { ...this.predictionsFile(reports), ...(await this.pseudonyms()) }
    const { checkReportFiles } = await import('../report/write-report.ts')
    await checkReportFiles(reports)
    return { reports, lists }
  }

  /** Where the whole list of what a sync would delete goes, for the commands that look for it. */
  private predictionsFile(reports: readonly ReportRequest[]): { readonly predictions?: string } {
    const asked = reports.find(({ kind }) => kind === 'predictions')
    if (asked === undefined) return {}
    if (PREDICT.includes(this.id ?? '')) return { predictions: asked.file }
    throw new Syn2opError('usage', `\`${this.id}\` predicts nothing`, {
      next: ['`--report predictions=FILE` is for `syn2op plan`, `syn2op verify` and `syn2op rehearse`.'],
    })
  }

  /** Prints a document and writes it to the files that were asked for; without people's names where that is asked for. */
  protected async deliver<Kind extends Document>(found: Kind, reports: readonly ReportRequest[]): Promise<Kind> {
    const { writeReports } = await import('../report/write-report.ts')
    const document = await this.shown(found)
    await this.toTerminal(document)
    await writeReports(document, reports)
    for (const { kind, file } of reports) this.tell('info', `Wrote the ${kind} report to ${file}`)
    return document
  }

  /** A document as it may be shown: without people's names where that is asked for. */
  private async shown<Kind extends Document>(document: Kind): Promise<Kind> {
    const { pseudonyms } = await this.pseudonyms()
    if (pseudonyms === undefined) return document
    const { pseudonymise } = await import('../report/pseudonyms/pseudonymise.ts')
    return pseudonymise(document, pseudonyms)
  }

  /**
   * What people are called where their names are not to be shown. The key is read once: were its file gone when the document
   * is shown, another would be made, and the lists that were written by then would have other names.
   */
  protected async pseudonyms(): Promise<Pick<MigrationRequest, 'pseudonyms'>> {
    this.#pseudonyms ??= this.#readPseudonyms()
    return this.#pseudonyms
  }

  async #readPseudonyms(): Promise<Pick<MigrationRequest, 'pseudonyms'>> {
    const file = (await this.settings()).pseudonymise?.value
    if (file === undefined) return {}
    const { pseudonymKey } = await import('../report/pseudonyms/key-file.ts')
    const { pseudonymsOf } = await import('../report/pseudonyms/pseudonyms.ts')
    return { pseudonyms: pseudonymsOf(await pseudonymKey(file)) }
  }

  /** What installed plugins say in their hook `syn2op:targets`; one that fails is told, and the others count. */
  protected async announcedTargets(): Promise<readonly unknown[]> {
    const { successes, failures } = await this.config.runHook('syn2op:targets', {})
    for (const { plugin, error } of failures) {
      this.tell('warn', `The plugin ${plugin.name} cannot say which targets it has: ${error.message}`)
    }
    return successes.map(({ result }) => result)
  }

  /** Stages a SQLite homeserver for as long as the command runs. */
  protected stage(progress: ProgressListener): (file: string) => Promise<OpenStagedFile> {
    return async (file) => {
      const { stageSource } = await import('./stage-source.ts')
      const staged = await stageSource({ file, note: (message) => progress.note(message), signal: this.signal })
      this.#staged.push(staged)
      return staged
    }
  }

  protected override async finally(error: Error | undefined): Promise<void> {
    await Promise.all(this.#staged.map((staged) => staged.close()))
    await super.finally(error)
  }

  /** Reads the files that the settings name; a run that writes keeps its record in the folder of the runs. */
  protected async request(
    settings: Settings,
    progress: ProgressListener,
    { target, stage = this.stage(progress) }: Pick<Partial<RequestContext>, 'target' | 'stage'> = {},
  ): Promise<MigrationRequest> {
    const { fileRecorder } = await import('../migration/runs/recorder.ts')
    const announced = () => this.announcedTargets()
    const command = [this.config.bin, ...(this.id ?? '').split(':'), ...this.argv].map(redactUrls)
    return {
      ...(await migrationRequest({
        settings,
        announced,
        stage,
        progress,
        signal: this.signal,
        ...(target === undefined ? {} : { target }),
      })),
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
    const flags: { readonly report?: readonly string[] | undefined; readonly pseudonymise?: string | undefined } =
      this.flags
    if (flags.report === undefined && flags.pseudonymise === undefined) return
    throw new Syn2opError('usage', `\`${(this.id ?? '').replaceAll(':', ' ')}\` writes no report`, {
      next: ['For programs: --json > FILE'],
    })
  }

  /** The request, where both configurations are given; for what also works without the databases. */
  protected async requestIfGiven(
    settings: Settings,
    progress: ProgressListener = silentProgress,
  ): Promise<MigrationRequest | undefined> {
    if (areTwo(settings)) {
      this.tell(
        'info',
        'Of two targets only the folder of the runs is asked. To ask one: --target mas, or --target keycloak',
      )
      return undefined
    }
    const { name, config } = onlyTarget(settings)
    // Somebody else's target may need no configuration.
    const hasTarget = config !== undefined || name !== 'mas'
    return settings['synapse.config'] !== undefined && hasTarget ? this.request(settings, progress) : undefined
  }

  /** How a text fits the terminal. */
  protected textOptions(): TextOptions {
    return {
      width: columnsOf(process.stdout, process.env),
      colour: decideColour({ env: process.env, isTty: process.stdout.isTTY }),
      detail: this.flags.verbose ? 'all' : 'short',
      given: this.givenFlags(),
    }
  }

  private givenFlags(): GivenFlags {
    return Object.fromEntries(
      Object.entries(this.flags).flatMap(([name, given]) => {
        const values = [given].flat().filter((value) => typeof value === 'string')
        return values.length === 0 ? [] : [[name, values.map(redactUrls)]]
      }),
    )
  }

  /** Shows progress on stderr while `work` runs. */
  protected async watched<Result>(work: (progress: ProgressListener) => Promise<Result>): Promise<Result> {
    const { createTerminalProgress } = await import('../terminal/progress.ts')
    const progress = await createTerminalProgress({
      stream: process.stderr,
      isTty: process.stderr.isTTY,
      columns: columnsOf(process.stderr, process.env),
      quiet: this.flags['log-level'] === 'error' || this.flags['log-level'] === 'warn',
    })
    try {
      return await work(progress)
    } finally {
      progress.stop()
    }
  }

  /** Shows a plan that has to be agreed to, before the question. */
  protected async print(document: Document): Promise<void> {
    await this.toTerminal(await this.shown(document), { before: 'question' })
  }

  private async toTerminal(document: Document, where: Pick<TextOptions, 'before'> = {}): Promise<void> {
    if (this.jsonEnabled()) return
    const { renderText } = await import('../report/text/render-text.ts')
    this.log(renderText(document, { ...this.textOptions(), ...where }))
  }
}
