import { Command, Errors, type Interfaces } from '@oclif/core'
import type { Settings } from '../config/settings.ts'
import { EXIT, type ExitCode } from '../errors/exit-codes.ts'
import type { Syn2opError } from '../errors/syn2op-error.ts'
import type { StopSoon } from '../migration/pacing/stop-soon.ts'
import { createPaint, decideColour, type Paint } from '../terminal/colour.ts'
import { renderError } from './error-text.ts'
import { type ErrorView, framesOf, viewError } from './error-view.ts'
import { baseFlags, LOG_LEVELS, type LogLevel } from './flags.ts'
import { outliveOutput } from './lost-output.ts'
import { listenForStop, type StopSignal } from './stop-signal.ts'

export type CommandFlags<T extends typeof Command> = Interfaces.InferredFlags<
  (typeof BaseCommand)['baseFlags'] & T['flags']
>
export type CommandArgs<T extends typeof Command> = Interfaces.InferredArgs<T['args']>

let outlives = false

/** Once a process, however many commands run in it. */
const outliveOutputOnce = (): void => {
  if (outlives) return
  outlives = true
  const fail = (): void => {
    process.exitCode ||= EXIT.unexpected
  }
  outliveOutput({ stdout: process.stdout, stderr: process.stderr, fail })
}

/**
 * What every command shares: flags parsed before `run`, settings with their origins, one signal that stops the work,
 * errors told without secrets, and exit codes. A command's `run` returns its document: with `--json` that is what is
 * printed, so `run` also prints its own rendering with `this.log`, which is silent then.
 */
export abstract class BaseCommand<T extends typeof Command> extends Command {
  static override baseFlags = baseFlags
  static override enableJsonFlag = true

  protected flags!: CommandFlags<T>
  protected args!: CommandArgs<T>
  #stop: StopSignal | undefined
  #settings: Promise<Settings> | undefined

  override async init(): Promise<void> {
    await super.init()
    outliveOutputOnce()
    this.#stop = listenForStop((message) => this.tell('info', message))
    const parsed = await this.parse({
      flags: this.ctor.flags,
      baseFlags: (super.ctor as typeof BaseCommand).baseFlags,
      enableJsonFlag: this.ctor.enableJsonFlag,
      args: this.ctor.args,
      strict: this.ctor.strict,
    })
    this.flags = parsed.flags as CommandFlags<T>
    this.args = parsed.args as CommandArgs<T>
  }

  /** Aborted when the process is asked to stop; give it to every library call that does I/O. */
  protected get signal(): AbortSignal {
    if (this.#stop === undefined) throw new TypeError('The signal exists only between init and finally')
    return this.#stop.signal
  }

  /** For work that finishes what is under way when it is first asked to stop. */
  protected get stopSoon(): StopSoon {
    if (this.#stop === undefined) throw new TypeError('The signal exists only between init and finally')
    return this.#stop.soon
  }

  /** Flags, environment and syn2op.yaml, joined; each value with its origin. Read once: they hold until the command ends. */
  protected async settings(): Promise<Settings> {
    this.#settings ??= this.#readSettings()
    return this.#settings
  }

  async #readSettings(): Promise<Settings> {
    const { loadSettings } = await import('../config/load-settings.ts')
    return loadSettings({ flags: this.flags, env: process.env, folder: process.cwd() })
  }

  /** Whether a person can be asked: both ends are a terminal and nobody forbade it. */
  protected get interactive(): boolean {
    const { 'no-input': forbidden } = this.flags
    return !forbidden && !this.jsonEnabled() && process.stdin.isTTY && process.stderr.isTTY
  }

  /** What a person answers; `--yes` is what answers in their place. */
  protected async asked(question: string): Promise<boolean> {
    const { confirm } = await import('../terminal/prompt.ts')
    return confirm(question, {
      input: process.stdin,
      output: process.stderr,
      interactive: this.interactive,
      flag: '--yes',
    })
  }

  /** Colours for a stream, as the environment and the stream ask. */
  protected paintFor(stream: NodeJS.WriteStream): Paint {
    return createPaint(decideColour({ env: process.env, isTty: stream.isTTY }))
  }

  /** Writes a line to stderr when `--log-level` asks for that much; stdout is the result's alone. */
  protected tell(level: LogLevel, message: string): void {
    if (LOG_LEVELS.indexOf(level) <= LOG_LEVELS.indexOf(this.#logLevel())) process.stderr.write(`${message}\n`)
  }

  /** Ends with this exit code, and still with a result. */
  protected exitWith(code: ExitCode): void {
    process.exitCode = code
  }

  protected override async catch(error: unknown): Promise<void> {
    if (error instanceof Errors.ExitError) throw error
    const view = this.#viewOf(error)
    process.exitCode = view.exitCode
    // A parse that failed is told already; oclif would remark on it again.
    this.parsed = true
    if (this.jsonEnabled()) this.logJson(this.toErrorJson(view))
    else process.stderr.write(renderError(view, this.paintFor(process.stderr)))
    if (this.#logLevel() === 'debug') process.stderr.write(`${framesOf(error)}\n`)
  }

  /** Tells on stderr why work that has a result ended before its end, and ends with that exit code. */
  protected tellEnd(error: Syn2opError): void {
    const view = this.#viewOf(error)
    this.exitWith(view.exitCode)
    process.stderr.write(renderError(view, this.paintFor(process.stderr)))
  }

  #viewOf(error: unknown): ErrorView {
    return viewError(error, {
      command: [this.config.bin, ...(this.id ?? '').split(':')].join(' '),
      stopped: this.#stop?.signal.aborted === true,
    })
  }

  /** Only the view: an error's own properties can hold what a database or an API sent back. */
  protected override toErrorJson(view: ErrorView): { readonly error: ErrorView } {
    return { error: view }
  }

  protected override async finally(error: Error | undefined): Promise<void> {
    this.#stop?.dispose()
    await super.finally(error)
  }

  /** As asked, even when the flags could not be parsed. */
  #logLevel(): LogLevel {
    const parsed: { readonly 'log-level'?: LogLevel } | undefined = this.flags
    return parsed?.['log-level'] ?? (/--log-level[= ]debug/u.test(this.argv.join(' ')) ? 'debug' : 'info')
  }
}
