import { Args, Flags } from '@oclif/core'
import { ruleFlags, runsFlags, sourceFlags, targetFlags } from '../cli/flags.ts'
import { MigrationCommand } from '../cli/migration-command.ts'
import { listenForPause } from '../cli/pause-signal.ts'
import { EXIT } from '../errors/exit-codes.ts'
import type { RollbackDocument } from '../report/rollback-document.ts'

export default class Rollback extends MigrationCommand<typeof Rollback> {
  static override summary = 'Take back a run or a cohort'
  static override description =
    `Shows what goes, what returns to its former state and what people would lose, asks, and does it. Only what the run created is removed.

A load, an online copy or a finished migration that nobody has used at MAS goes back to empty in one transaction: tables, indexes and constraints as they were before the first run. A final run is taken back with its whole copy, and so is the first run of a copy that stands aside.

Otherwise accounts are taken back one batch after the other, while MAS may run. Rows that the run changed return to what they were before; a session, token, password or linked identity that Synapse no longer has does not. Accounts that people have used at MAS since (a login, a new password, an added e-mail) stay as they are; --used remove takes them too, with all that was done there. Adopted people stay; only what syn2op added to them goes.

At Keycloak users go one by one: whoever is as the run wrote them, also if they have logged in since. Whoever has a new password, address or link stays, and --used remove is refused; so is a run that changed users who were there before, and a cohort. At Auth0 it is the same, but that whoever has logged in stays. Links in Synapse or MAS are not its business: \`syn2op link --undo\`.

After Ctrl-C, or if it dies, what is taken back stays so: the same command does the rest. Later runs that changed the same accounts go first.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> last',
    '<%= config.bin %> <%= command.id %> 20261121-031500-9f3a',
    '<%= config.bin %> <%= command.id %> pilot --used remove',
  ]
  static override args = {
    what: Args.string({
      description: 'The id of a run, as `syn2op runs list` shows it, last, or the name of a cohort',
      required: true,
    }),
  }
  static override flags = {
    ...sourceFlags,
    ...targetFlags,
    ...ruleFlags,
    ...runsFlags,
    used: Flags.option({
      options: ['keep', 'remove'] as const,
      default: 'keep' as const,
      summary: 'What becomes of accounts that people have used at the target since',
    })(),
  }

  async run(): Promise<RollbackDocument | undefined> {
    const { rollback } = await import('../migration/rollback/rollback.ts')
    const { used } = this.flags
    // It does not rest; but who asks it to must not end it by that.
    const pause = listenForPause((message) => this.tell('info', message))
    const document = await this.perform((request) =>
      rollback({ ...request, what: this.args.what, used, confirm: (plan) => this.confirmed(plan) }),
    ).finally(pause.dispose)
    if (document === undefined) this.tell('info', 'Nothing was taken back.')
    else if (document.outcomes?.some(({ outcome }) => outcome === 'rejected')) this.exitWith(EXIT.someRejected)
    return document
  }

  private async confirmed(plan: RollbackDocument): Promise<boolean> {
    if (this.flags.yes) return true
    await this.print(plan)
    return this.asked(`Take this back at ${plan.target.product}, ${plan.target.location}?`)
  }
}
