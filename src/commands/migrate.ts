import { Flags } from '@oclif/core'
import {
  backupFlags,
  cohortFlags,
  paceFlags,
  ruleFlags,
  runsFlags,
  sourceFlags,
  targetFlags,
  twoTargetsFlags,
} from '../cli/flags.ts'
import { listenForPause } from '../cli/pause-signal.ts'
import { TwoTargetsCommand } from '../cli/two-targets-command.ts'
import { EXIT, type ExitCode } from '../errors/exit-codes.ts'
import { Syn2opError } from '../errors/syn2op-error.ts'
import type { MigrateMode } from '../migration/choose-road.ts'
import type { PlanFile } from '../migration/planned/plan-file.ts'
import type { MigrationRequest } from '../migration/request.ts'
import type { PlanDocument, RunDocument } from '../report/documents.ts'
import { endedEarlyError } from '../report/ended-early.ts'
import { isDisproved } from '../report/is-proved.ts'
import { isShutOut, type PlanOfTwo, type RunOfTwo } from '../report/two-targets.ts'

export default class Migrate extends TwoTargetsCommand<typeof Migrate> {
  static override summary =
    'Move everybody: at once, in online copies and a final run, or beside the people of the target'
  static override description =
    `Checks, shows the plan, asks, and moves. Which way depends on the target and on what is asked:

Into an empty MAS, everything at once, with Synapse stopped: all or nothing. After an error or Ctrl-C MAS is as it was before; if the process itself dies, the next command takes its rows back.

--online copies while Synapse runs and people use it, as often as you like; each run brings the copy up to date. MAS cannot start on the copy. Then stop Synapse, and --final closes the last difference, proves it and puts the copy in its place: only that is downtime.

Into a MAS with people: adds and brings up to date, a batch of accounts at a time, while MAS may run. What is not syn2op's is never touched, and what people changed at MAS since stays theirs.

Into a realm of Keycloak: the same by its Admin API, a batch of accounts at a time, while Keycloak and Synapse may run. Devices and their tokens stay in Synapse.

Into a database connection of Auth0: new people by import jobs, a batch of accounts at a time, changes by its Management API, as fast as the tenant's plan allows. Devices and their tokens stay in Synapse.

Into Keycloak and MAS together: passwords and SSO identities go to Keycloak, accounts, e-mails, devices, sessions and tokens to MAS, and each account is linked to its person at Keycloak. These are three runs, one after the other; nothing is written before all three can be. With --online Keycloak is brought up to date and MAS gets its copy; --final does the rest.

With --plan the run is bound to a plan that plan --out wrote. Its "now" is its own, not the plan's. Another source, target, mapping, part or provider of the target, another decision about an account, rows left for a reason that it does not have, and, where the target has people, another outcome there: each is named, and nothing is written. New accounts, devices and tokens are decided by the same rules and counted. That counts everything again, also for --final; where the target has people it takes as long as a plan.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> --synapse-config homeserver.yaml --target-config config.yaml',
    '<%= config.bin %> <%= command.id %> --synapse-config homeserver.yaml --target keycloak --target-config keycloak.yaml',
    '<%= config.bin %> <%= command.id %> --synapse-config homeserver.yaml --target auth0 --target-config auth0.yaml',
    '<%= config.bin %> <%= command.id %> --online',
    '<%= config.bin %> <%= command.id %> --cohort pilot',
    '<%= config.bin %> <%= command.id %> --final --yes',
    '<%= config.bin %> <%= command.id %> --plan plan.json',
    '<%= config.bin %> <%= command.id %> --target keycloak --target mas --target-config keycloak=keycloak.yaml --target-config mas=config.yaml',
    '<%= config.bin %> <%= command.id %> --yes --accept all-warnings --report html=run.html --report json=run.json',
  ]
  static override flags = {
    ...sourceFlags,
    ...targetFlags,
    ...twoTargetsFlags,
    ...backupFlags,
    ...ruleFlags,
    ...cohortFlags,
    ...runsFlags,
    plan: Flags.string({
      summary: 'Do what this plan says, or say what is not so any more and write nothing',
      helpValue: 'FILE',
      helpGroup: 'RULES',
    }),
    online: Flags.boolean({ summary: 'Copy while Synapse runs, or bring that copy up to date', exclusive: ['final'] }),
    final: Flags.boolean({ summary: 'With Synapse stopped: end the online copies, prove them, put them in place' }),
    resume: Flags.boolean({ summary: 'Go on with the run that did not end, by its own as-of time' }),
    replayed: Flags.string({
      summary: "Where Synapse's database is a replica: the primary's log position after Synapse stopped",
      helpValue: 'LSN',
    }),
    ...paceFlags,
  }

  async run(): Promise<RunDocument | RunOfTwo | undefined> {
    if (await this.isForTwo()) return this.migrateBoth()
    const { migrate } = await import('../migration/migrate.ts')
    const replayed = this.flags.replayed === undefined ? {} : { replayed: position(this.flags.replayed) }
    const pause = listenForPause((message) => this.tell('info', message))
    const { onToggle } = pause
    const bound = await this.boundTo()
    try {
      const document = await this.perform((request) =>
        migrate({
          ...request,
          ...bound,
          pacing: { ...request.pacing, onToggle },
          replica: { ...request.replica, ...replayed },
          mode: this.mode(),
          resume: this.flags.resume,
          confirm: (plan) => this.confirmed(plan),
        }),
      )
      if (document === undefined) this.tell('info', 'Nothing was written.')
      else this.end(document)
      return document
    } finally {
      pause.dispose()
    }
  }

  private mode(): MigrateMode {
    if (this.flags.online) return 'online'
    return this.flags.final ? 'final' : 'migrate'
  }

  private async migrateBoth(): Promise<RunOfTwo | undefined> {
    const { migrateBoth } = await import('../migration/both/migrate-both.ts')
    const { plan, limit } = await this.settings()
    this.refuseForTwo({ plan, limit }, [
      'Leave it out; a part of the accounts is a cohort of both mappings: --cohort NAME',
    ])
    const replayed = this.flags.replayed === undefined ? {} : { replayed: position(this.flags.replayed) }
    const pause = listenForPause((message) => this.tell('info', message))
    const paced = (request: MigrationRequest): MigrationRequest => ({
      ...request,
      pacing: { ...request.pacing, onToggle: pause.onToggle },
      replica: { ...request.replica, ...replayed },
    })
    try {
      const document = await this.performBoth(({ logins, accounts, link }) =>
        migrateBoth({
          logins: paced(logins),
          accounts: paced(accounts),
          link,
          mode: this.mode(),
          resume: this.flags.resume,
          confirm: (plans) => this.confirmedBoth(plans),
        }),
      )
      if (document === undefined) this.tell('info', 'Nothing was written.')
      else this.endBoth(document)
      return document
    } finally {
      pause.dispose()
    }
  }

  /** The plan that the run is to be bound to. */
  private async boundTo(): Promise<{ readonly plan?: PlanFile }> {
    const file = (await this.settings()).plan?.value
    if (file === undefined) return {}
    const { readPlanFile } = await import('../migration/planned/plan-file.ts')
    return { plan: await readPlanFile(file) }
  }

  private end(document: RunDocument): void {
    this.exitWith(exitOf(document))
    const early = endedEarlyError(document)
    if (early !== undefined) this.tellEnd(early)
  }

  private endBoth({ runs, links }: RunOfTwo): void {
    const codes = [...runs.map(exitOf), isShutOut(links) ? EXIT.someRejected : EXIT.done]
    this.exitWith(
      ([EXIT.verifyDifferences, EXIT.someRejected] as const).find((code) => codes.includes(code)) ?? EXIT.done,
    )
    for (const run of runs) {
      const early = endedEarlyError(run)
      if (early !== undefined) this.tellEnd(early)
    }
  }

  private async confirmedBoth(plans: PlanOfTwo): Promise<boolean> {
    if (this.flags.yes) return true
    await this.printBoth(plans)
    const into = plans.plans.map(({ target }) => `${target.product} at ${target.location}`).join(', and into ')
    return this.asked(`Write this into ${into}?`)
  }

  private async confirmed(plan: PlanDocument): Promise<boolean> {
    if (this.flags.yes) return true
    await this.print(plan)
    const { boundSentence } = await import('../report/drift-words.ts')
    const bound = plan.drift === undefined ? '' : `${boundSentence(plan.drift, Date.now())} `
    return this.asked(`${bound}Write this into ${plan.target.product} at ${plan.target.location}?`)
  }
}

const exitOf = (run: RunDocument): ExitCode => {
  const { refused = [], outcomes = [] } = run
  if (refused.length > 0 || isDisproved(run)) return EXIT.verifyDifferences
  return outcomes.some(({ outcome }) => outcome === 'rejected') ? EXIT.someRejected : EXIT.done
}

const position = (given: string): string => {
  if (/^[0-9A-F]{1,8}\/[0-9A-F]{1,8}$/iu.test(given)) return given
  throw new Syn2opError('usage', `--replayed ${given} is no position of a log`, {
    next: ['It looks like 16/B374D848; ask the primary: SELECT pg_current_wal_lsn();'],
  })
}
