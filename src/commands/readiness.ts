import { setTimeout as sleep } from 'node:timers/promises'
import { MigrationCommand } from '../cli/migration-command.ts'
import { readinessArgs, readinessFlags } from '../cli/readiness-flags.ts'
import { type Looked, openSubject, refuseWithoutServer } from '../cli/readiness-subject.ts'
import { EXIT, type ExitCode } from '../errors/exit-codes.ts'
import { Syn2opError } from '../errors/syn2op-error.ts'
import type { Ask } from '../readiness/http/exchange.ts'
import type { Asking, Inspected, WalkGround } from '../readiness/inspect.ts'
import type { Silence } from '../readiness/silence.ts'
import type { ReadinessExit } from '../readiness/words/exit.ts'
import type { ReadinessDocument, ReadinessWalk } from '../report/readiness-document.ts'
import type { ReportRequest } from '../report/report-kinds.ts'
import { columnsToCutAt } from '../terminal/columns.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND

/** Seconds between two rounds of --watch. */
const EVERY = 5

const EXITS: Readonly<Record<ReadinessExit, ExitCode>> = {
  clear: EXIT.done,
  warnings: EXIT.checkWarnings,
  errors: EXIT.checkErrors,
  worse: EXIT.verifyDifferences,
}

export default class Readiness extends MigrationCommand<typeof Readiness> {
  static override summary = 'Say whether people can log in today, with which clients, and what is in their way'
  static override description =
    `Asks a homeserver and its OP, of whatever make, what clients ask of them, holds the answers against the Matrix specification and against what clients take, and says what each kind of client can do: log in, sign up, log out, manage account and devices, log in by QR. Each probe says what was seen, and what to change; docs/reference/readiness.md explains them all. Nothing is left behind, unless --register allows it.

With --synapse-config alone nobody is asked: it says which settings make this Synapse refuse to start under MAS, each with its line and the change. Beside a homeserver it also gives the probes that need it the secret of MAS and the tokens of application services.

--watch asks again until no error is left and every kind of client can log in, for the night of the cut-over. --walk goes a client's whole way with a test account and shows every request and answer, secrets masked.

Ends with 0 when all is well, 10 when something fails that keeps people out, 11 when something fails that some clients or deeds need and that nobody acknowledged, 12 when something that people could do before (--compare) cannot be done now, 5 when nobody answers.`
  // oclif's own line cannot say which options belong to which.
  static override usage = [
    '<%= command.id %> HOMESERVER [--op ISSUER] [--register] [options]',
    '<%= command.id %> --op ISSUER [--register] [options]',
    '<%= command.id %> HOMESERVER --watch [--every SECONDS] [--for MINUTES] [options]',
    '<%= command.id %> HOMESERVER --walk [--account FILE] [--browser FILE] [--client-id ID] [options]',
    '<%= command.id %> --synapse-config FILE... [options]',
  ]
  static override examples = [
    '<%= config.bin %> <%= command.id %> example.org',
    '<%= config.bin %> <%= command.id %> https://matrix.example.org --server-name example.org --op https://auth.example.org/ --register',
    '<%= config.bin %> <%= command.id %> --synapse-config homeserver.yaml',
    '<%= config.bin %> <%= command.id %> example.org --watch --every 2 --for 30',
    '<%= config.bin %> <%= command.id %> example.org --walk --account test-account.txt --compare before.json',
  ]
  static override args = readinessArgs
  static override flags = readinessFlags

  async run(): Promise<ReadinessDocument> {
    const settings = await this.settings()
    const reports = settings.report?.value ?? []
    const accept = await this.checked(reports)
    const { watch: watching, walk, compare: earlier, account, 'token-file': token } = this.flags
    if (account === '-' && token === '-') throw twoOfStdin()
    const look = await openSubject(this.args.homeserver, this.flags, settings)
    const first = await look()
    if (first.subject === undefined)
      refuseWithoutServer({
        '--watch': watching || undefined,
        '--walk': walk || undefined,
        '--compare': earlier,
      })
    const compare = earlier === undefined ? undefined : await this.earlier(earlier)
    const once = (looked: Looked): Promise<Inspected> => this.inspected(looked, accept, compare)
    const inspected = watching ? await this.watch(first, look, once) : await once(first)
    await this.show(inspected.document, reports)
    await this.end(inspected)
    return inspected.document
  }

  /** What can be found wrong before anybody is asked. */
  private async checked(reports: readonly ReportRequest[]): Promise<readonly string[]> {
    if (this.flags.pseudonymise !== undefined) {
      throw new Syn2opError('usage', 'Nobody is named in what `readiness` finds: --pseudonymise would do nothing')
    }
    const { checkPageKinds } = await import('../report/write-page.ts')
    const { checkReportFiles } = await import('../report/write-report.ts')
    checkPageKinds(reports)
    await checkReportFiles(reports)
    const { acceptedCodes } = await import('../cli/readiness-accept.ts')
    return acceptedCodes((await this.settings()).accept)
  }

  private async earlier(file: string): Promise<ReadinessDocument> {
    const { readEarlier } = await import('../readiness/read-earlier.ts')
    return readEarlier(file)
  }

  private async inspected(
    { subject, configuration }: Looked,
    accept: readonly string[],
    compare: ReadinessDocument | undefined,
  ): Promise<Inspected> {
    const { inspect } = await import('../readiness/inspect.ts')
    const { createAsk } = await import('../readiness/http/ask.ts')
    const ask = createAsk({ signal: this.signal })
    const cleanUp = createAsk({ signal: new AbortController().signal })
    const walk = this.flags.walk ? await this.walker(ask) : undefined
    const note = this.flags.watch ? undefined : (words: string) => this.tell('info', words)
    return inspect({
      ...(subject === undefined ? {} : { asking: { subject, ask, cleanUp, ...this.waiting() } }),
      ...(configuration === undefined ? {} : { configuration }),
      ...(compare === undefined ? {} : { compare }),
      ...(walk === undefined ? {} : { walk }),
      ...(note === undefined ? {} : { note }),
      accept,
      now: Date.now(),
    })
  }

  /** Another round of --watch comes soon enough. */
  private waiting(): Pick<Asking, 'wait'> {
    if (this.flags.watch) return {}
    const { signal } = this
    return {
      wait: async (milliseconds) => {
        await sleep(milliseconds, undefined, { signal }).catch(() => undefined)
        signal.throwIfAborted()
      },
    }
  }

  private async walker(ask: Ask): Promise<(ground: WalkGround) => Promise<ReadinessWalk>> {
    const { walk } = await import('../readiness/walk/walk.ts')
    const { walkOptions } = await import('../cli/walk-options.ts')
    const options = await walkOptions(this.flags)
    const note = (words: string): void => this.tell('info', words)
    return async (ground) => walk({ ...ground, ...options, ask, signal: this.signal, note })
  }

  private async watch(
    first: Looked,
    look: () => Promise<Looked>,
    once: (looked: Looked) => Promise<Inspected>,
  ): Promise<Inspected> {
    const { readAgain, watch } = await import('../cli/readiness-watch.ts')
    const { every = EVERY, for: minutes } = this.flags
    const again = readAgain(look, first, (line) => this.tell('warn', line))
    return watch({
      round: async () => once(await again()),
      every: every * SECOND,
      ...(minutes === undefined ? {} : { atMost: minutes * MINUTE }),
      told: (line) => this.tell('info', line),
      width: columnsToCutAt(process.stderr, process.env),
      signal: this.signal,
    })
  }

  private async show(document: ReadinessDocument, reports: readonly ReportRequest[]): Promise<void> {
    const { readinessPage } = await import('../readiness/words/page.ts')
    if (!this.jsonEnabled()) {
      const { renderPageText } = await import('../report/text/render-page.ts')
      const options = this.textOptions()
      this.log(
        renderPageText(
          readinessPage(document, { detail: options.detail ?? 'all', width: options.width }),
          options,
        ).trimEnd(),
      )
    }
    const { writePage } = await import('../report/write-page.ts')
    await writePage({ document, page: readinessPage(document, { detail: 'all' }) }, reports)
    for (const { kind, file } of reports) this.tell('info', `Wrote the ${kind} report to ${file}`)
  }

  private async end({ document, silence }: Inspected): Promise<void> {
    const { readinessExit } = await import('../readiness/words/exit.ts')
    if (silence === undefined) this.exitWith(EXITS[readinessExit(document)])
    else this.tellEnd(unanswered(silence))
  }
}

const twoOfStdin = (): Syn2opError =>
  new Syn2opError('usage', '--token-file and --account cannot both be the standard input', {
    next: ['Put one of them into a file that only you may read.'],
  })

const unanswered = ({ who, url, why }: Silence): Syn2opError =>
  new Syn2opError('server.unreachable', `The ${who} does not answer at ${url}: ${why}`, {
    next: ['See whether it runs, and whether this machine can reach it, as clients do.'],
  })
