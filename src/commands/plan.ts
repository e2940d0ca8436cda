import { Flags } from '@oclif/core'
import {
  backupFlags,
  cohortFlags,
  ruleFlags,
  runsFlags,
  sourceFlags,
  targetFlags,
  twoTargetsFlags,
} from '../cli/flags.ts'
import { TwoTargetsCommand } from '../cli/two-targets-command.ts'
import { EXIT } from '../errors/exit-codes.ts'
import type { PlanFile } from '../migration/planned/plan-file.ts'
import type { PlanDocument } from '../report/documents.ts'
import type { PlanOfTwo } from '../report/two-targets.ts'

export default class Plan extends TwoTargetsCommand<typeof Plan> {
  static override summary = 'Say for every account and row what will become of it'
  static override description =
    `A dry run: the decision is made over one snapshot of Synapse's database, by the statement that a migration uses, and counted: how many accounts migrate, how many rows are carried, and how many are left, for which reason.

Where the target has people, or an online copy stands aside, it says account by account what would be created, changed and removed, by the code that would do it.

--out writes a plan that a run can be bound to: migrate --plan then does what it says, or says what is not so any more. --compare says what is new since an older one.

It foretells which logins stop, which accounts open or close, and what a sync would delete (--report predictions=FILE has the whole list), and how long a run would take: for that some rows of each table are copied into temporary tables of the target's database and thrown away; --no-forecast leaves that out.

Of two targets, Keycloak and MAS, it says what goes to which, what is written in which order, and how many links will join them.

Synapse may run. No row of Synapse or of the target's people is written. Where MAS has people, or a copy stands aside, syn2op's own tables are made in its database, in the schema \`syn2op\`, as a migration makes them; the list of accounts that is compared there is dropped at the end. At Keycloak nothing is written, and nothing is foretold of how long a run takes. At Auth0 nothing is written but an export job, and how long a run takes follows from what the tenant's plan allows.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> --synapse-config homeserver.yaml --target-config config.yaml',
    '<%= config.bin %> <%= command.id %> --mapping my-rules.yaml --report html=plan.html',
    '<%= config.bin %> <%= command.id %> --cohort pilot',
    '<%= config.bin %> <%= command.id %> --out plan.json --compare last-week.json',
    '<%= config.bin %> <%= command.id %> --target keycloak --target mas --target-config keycloak=keycloak.yaml --target-config mas=config.yaml',
  ]
  static override flags = {
    ...sourceFlags,
    ...targetFlags,
    ...twoTargetsFlags,
    ...backupFlags,
    ...ruleFlags,
    ...cohortFlags,
    ...runsFlags,
    out: Flags.string({
      summary: 'Write the plan, with the decision about every account, to a file that `migrate --plan` reads',
      helpValue: 'FILE',
    }),
    compare: Flags.string({ summary: 'Say what is new since this older plan', helpValue: 'FILE' }),
    'forecast': Flags.boolean({
      summary: 'Say how long a run would take, from some rows of each table that are tried (--no-forecast: do not)',
      default: true,
      allowNo: true,
    }),
    'detailed-exit-code': Flags.boolean({ summary: 'End with 2 when there is something to migrate' }),
  }

  async run(): Promise<PlanDocument | PlanOfTwo | undefined> {
    if (await this.isForTwo()) return this.planBoth()
    const { plan } = await import('../migration/plan.ts')
    const { out, compare } = this.flags
    const older = compare === undefined ? {} : { compare: await readOlder(compare) }
    if (out !== undefined) await this.checkOut(out)
    const document = await this.perform(async (request) => {
      const { decided, ...found } = await plan({
        ...request,
        ...older,
        ...(this.flags.forecast ? {} : { forecast: 'none' }),
        ...(out === undefined ? {} : { decided: 'of every account' }),
      })
      if (out !== undefined) await this.writeOut(out, decided === undefined ? found : { ...found, decided })
      return found
    })
    if (this.flags['detailed-exit-code'] && document !== undefined && hasChanges(document))
      this.exitWith(EXIT.planHasChanges)
    return document
  }

  private async planBoth(): Promise<PlanOfTwo | undefined> {
    const { planBoth } = await import('../migration/both/plan-both.ts')
    const { out, compare } = this.flags
    this.refuseForTwo({ out, compare }, [
      'Write the plan of two for people or programs: --report text=FILE, --report json=FILE',
    ])
    const forecast = this.flags.forecast ? {} : ({ forecast: 'none' } as const)
    const document = await this.performBoth(({ logins, accounts, link }) =>
      planBoth({ logins: { ...logins, ...forecast }, accounts: { ...accounts, ...forecast }, link }),
    )
    if (this.flags['detailed-exit-code'] && document?.plans.some(hasChanges)) this.exitWith(EXIT.planHasChanges)
    return document
  }

  /** Before hours of work. */
  private async checkOut(file: string): Promise<void> {
    const { checkReportFiles } = await import('../report/write-report.ts')
    await checkReportFiles([{ kind: 'json', file }])
  }

  private async writeOut(file: string, document: PlanDocument): Promise<void> {
    const { writeReports } = await import('../report/write-report.ts')
    await writeReports(document, [{ kind: 'json', file }])
    const { bindingCommand } = await import('../migration/planned/plan-commands.ts')
    const { decided, cohort } = document
    this.tell(
      'info',
      decided === undefined
        ? `Wrote the plan to ${file}. No run can be bound to it: a migration is impossible as things are.`
        : `Wrote the plan to ${file}. A run can be bound to it: ${bindingCommand(file, { road: decided.road, ...(cohort === undefined ? {} : { cohort }) })}`,
    )
  }
}

const readOlder = async (file: string): Promise<PlanFile> => {
  const { readPlanFile } = await import('../migration/planned/plan-file.ts')
  return readPlanFile(file)
}

const CHANGES: readonly string[] = ['created', 'updated', 'removed']

/** Into an empty target, whatever is carried. */
const hasChanges = ({ outcomes, relations }: PlanDocument): boolean =>
  outcomes === undefined
    ? relations.some(({ carried }) => carried > 0)
    : outcomes.some(({ outcome }) => CHANGES.includes(outcome))
