import type { Command } from '@oclif/core'
import { Syn2opError } from '../errors/syn2op-error.ts'
import type { BothRequest } from '../migration/both/request.ts'
import type { ReportRequest } from '../report/report-kinds.ts'
import type { TextOptions } from '../report/text/section.ts'
import type { DocumentOfTwo } from '../report/two-targets.ts'
import { type ProgressListener, silentProgress } from '../targets/progress.ts'
import { type BothContext, bothRequest, type Halves, halvesOf } from './both-request.ts'
import { MigrationCommand } from './migration-command.ts'
import { areTwo, targetNamed } from './targets.ts'

/** A command that is also for Keycloak and MAS together. */
export abstract class TwoTargetsCommand<T extends typeof Command> extends MigrationCommand<T> {
  /** @throws Syn2opError usage for two of which nobody knows how they go together. */
  protected async isForTwo(): Promise<boolean> {
    const isForTwo = areTwo(await this.settings())
    if (!isForTwo && this.authProvider() !== undefined) {
      throw new Syn2opError('usage', '--auth-provider is for two targets, and one is named', {
        next: ['Links at one target are written by `syn2op link`, which has it too.'],
      })
    }
    return isForTwo
  }

  /** Reads the settings and their files, shows progress on stderr while `work` runs, prints its document. */
  protected async performBoth<Result extends DocumentOfTwo>(
    work: (request: BothRequest) => Promise<Result | undefined>,
  ): Promise<Result | undefined> {
    const settings = await this.settings()
    const reports = settings.report?.value ?? []
    requireReports(reports)
    const { checkReportFiles } = await import('../report/write-report.ts')
    await checkReportFiles(reports)
    const found = await this.watched(async (progress) => work(await this.both(progress)))
    if (found === undefined) return undefined
    const document = await this.withoutNames(found)
    await this.toTerminalBoth(document)
    const { writeReportsOfTwo } = await import('../report/write-two-targets.ts')
    await writeReportsOfTwo(document, reports)
    for (const { kind, file } of reports) this.tell('info', `Wrote the ${kind} report to ${file}`)
    return document
  }

  /** Shows plans that have to be agreed to, before the question. */
  protected async printBoth(document: DocumentOfTwo): Promise<void> {
    await this.toTerminalBoth(await this.withoutNames(document), { before: 'question' })
  }

  /** For what is done at one target only. */
  protected refuseForTwo(flags: Readonly<Record<string, unknown>>, next: readonly string[]): void {
    const [given] = Object.entries(flags).flatMap(([name, value]) => (value === undefined ? [] : [name]))
    if (given === undefined) return
    throw new Syn2opError('usage', `--${given} is for one target, and two are named`, { next })
  }

  private authProvider(): string | undefined {
    const flags: Readonly<Record<string, unknown>> = this.flags
    const given = flags['auth-provider']
    return typeof given === 'string' ? given : undefined
  }

  /** Both for their parts, where their configurations are named. */
  protected async halvesIfGiven(): Promise<Halves | undefined> {
    const settings = await this.settings()
    const named = ['keycloak', 'mas'].map((name) => targetNamed(settings, name).config)
    if ([settings['synapse.config'], ...named].includes(undefined)) return undefined
    return halvesOf({ settings, requestOf: this.requestsOf(silentProgress) })
  }

  private async both(progress: ProgressListener): Promise<BothRequest> {
    const authProvider = this.authProvider()
    return bothRequest({
      settings: await this.settings(),
      requestOf: this.requestsOf(progress),
      ...(authProvider === undefined ? {} : { authProvider }),
    })
  }

  /** The file of a SQLite homeserver is staged once for all of them. */
  private requestsOf(progress: ProgressListener): BothContext['requestOf'] {
    const staged = new Map<string, ReturnType<ReturnType<typeof this.stage>>>()
    const stage: ReturnType<typeof this.stage> = (file) => {
      const one = staged.get(file) ?? this.stage(progress)(file)
      staged.set(file, one)
      return one
    }
    return (settings, target) => this.request(settings, progress, { target, stage })
  }

  private async withoutNames<Kind extends DocumentOfTwo>(document: Kind): Promise<Kind> {
    const { pseudonyms } = await this.pseudonyms()
    if (pseudonyms === undefined) return document
    const { pseudonymise } = await import('../report/pseudonyms/pseudonymise.ts')
    return pseudonymise(document, pseudonyms)
  }

  private async toTerminalBoth(document: DocumentOfTwo, where: Pick<TextOptions, 'before'> = {}): Promise<void> {
    if (this.jsonEnabled()) return
    const { renderTwoTargets } = await import('../report/text/two-targets.ts')
    this.log(renderTwoTargets(document, { ...this.textOptions(), ...where }))
  }
}

const KINDS: readonly string[] = ['json', 'text']

const requireReports = (reports: readonly ReportRequest[]): void => {
  const other = reports.find(({ kind }) => !KINDS.includes(kind))
  if (other === undefined) return
  throw new Syn2opError('usage', `Of two targets no ${other.kind} report is written`, {
    next: ['Two kinds are: --report json=FILE --report text=FILE'],
  })
}
