import { Flags } from '@oclif/core'
import { ruleFlags, sourceFlags, targetFlags } from '../cli/flags.ts'
import { MigrationCommand } from '../cli/migration-command.ts'
import { USUAL_REPORT, usualReport } from '../cli/rehearsal-report.ts'
import { EXIT } from '../errors/exit-codes.ts'
import type { RehearsalDocument } from '../report/documents.ts'

export default class Rehearse extends MigrationCommand<typeof Rehearse> {
  static override summary = 'Try the whole migration on services that are thrown away'
  static override description =
    `Goes through the whole night by the code that does it for real: check, plan, migrate, verify, logins and old tokens, rollback, and a second plan that must equal the first. It ends with a verdict, the times measured, a forecast for the real night, and what could not be proved here.

Whose people: --demo makes up a homeserver with every kind of account and damage known to us; --sample takes a folder that \`syn2op sample\` made; else your own homeserver is read, once and in one moment, and copied (SELECT is enough; Synapse may run). Of your own, --canaries and --tokens are tried.

Where they go: never to a target of yours. A database with MAS's tables, with mas-cli or its image a MAS that runs; a realm of its own in a Keycloak; for Auth0 a stand-in that is built from what Auth0 publishes. --target-config and --mapping are followed, but for addresses and databases.

On what: what is given (--rehearsal-postgres, --rehearsal-keycloak), else containers, else programs of this machine; which one, and why not another, is told. Afterwards all of it is gone; if this process is killed, the next rehearsal ends what is left.

The report is also in ${USUAL_REPORT}, unless --report html=FILE says where. Ends with 0 when everything passed, 12 when something did not.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> --demo',
    '<%= config.bin %> <%= command.id %> --demo --target auth0 --accounts 1000',
    '<%= config.bin %> <%= command.id %> --sample sample --target keycloak --require containers --report junit=rehearsal.xml',
    '<%= config.bin %> <%= command.id %> --synapse-config homeserver.yaml --target-config config.yaml --mas-cli ./mas-cli --canaries canaries.txt',
    '<%= config.bin %> <%= command.id %> --sample sample --keep',
    '<%= config.bin %> <%= command.id %> --clean all',
  ]
  static override flags = {
    demo: Flags.boolean({ summary: 'With a made-up homeserver', exclusive: ['sample'], helpGroup: 'SOURCE' }),
    accounts: Flags.integer({
      summary: 'How many accounts it has',
      default: 20_000,
      min: 1,
      max: 10_000_000,
      helpGroup: 'SOURCE',
    }),
    damage: Flags.option({
      options: ['all', 'none'] as const,
      default: 'all' as const,
      summary: 'With every kind of damage, or with none',
      helpGroup: 'SOURCE',
    })(),
    sample: Flags.string({
      summary: 'With the people of a folder that `syn2op sample` made',
      helpValue: 'FOLDER',
      helpGroup: 'SOURCE',
    }),
    ...sourceFlags,
    canaries: Flags.string({
      summary: 'Passwords of your own people to try, one a line: mxid password; - is the standard input',
      helpValue: 'FILE',
      helpGroup: 'SOURCE',
    }),
    tokens: Flags.string({
      summary: 'Their access tokens to try, one a line: mxid device_id token; - is the standard input',
      helpValue: 'FILE',
      helpGroup: 'SOURCE',
    }),
    target: targetFlags.target,
    'target-config': targetFlags['target-config'],
    mapping: ruleFlags.mapping,
    require: Flags.string({
      summary: 'Only by containers, or only by programs of this machine (local)',
      helpValue: 'containers|local',
      helpGroup: 'SERVICES',
    }),
    'rehearsal-postgres': Flags.string({
      summary: 'A PostgreSQL server on which databases may be made and dropped; its URL, without a password',
      helpValue: 'URL',
      helpGroup: 'SERVICES',
    }),
    'rehearsal-keycloak': Flags.string({
      summary: 'A Keycloak in which a realm may be made and deleted; its URL',
      helpValue: 'URL',
      helpGroup: 'SERVICES',
    }),
    'rehearsal-keycloak-user': Flags.string({
      summary: 'Its administrator; the password comes from SYN2OP_REHEARSAL_KEYCLOAK_PASSWORD',
      helpValue: 'NAME',
      helpGroup: 'SERVICES',
    }),
    'keycloak-home': Flags.string({
      summary: 'A Keycloak distribution that may be run (Java 17 or later)',
      helpValue: 'FOLDER',
      helpGroup: 'SERVICES',
    }),
    'mas-cli': Flags.string({
      summary: 'The program mas-cli: with it a MAS runs, and logins and tokens are tried',
      helpValue: 'FILE',
      helpGroup: 'SERVICES',
    }),
    'synapse-python': Flags.string({
      summary: 'The program of a Python that has matrix-synapse[postgres]: with it old tokens that stay are tried',
      helpValue: 'FILE',
      helpGroup: 'SERVICES',
    }),
    image: Flags.string({
      summary: 'Image of a container: postgres, keycloak, mas or synapse; may be repeated',
      helpValue: 'SERVICE=IMAGE',
      multiple: true,
      multipleNonGreedy: true,
      helpGroup: 'SERVICES',
    }),
    registry: Flags.string({
      summary: 'Registry of your own that has the usual images',
      helpValue: 'HOST/PATH',
      helpGroup: 'SERVICES',
    }),
    pull: Flags.string({
      summary: 'When images are pulled: missing (unless you say), always or never',
      helpValue: 'WHEN',
      helpGroup: 'SERVICES',
    }),
    keep: Flags.boolean({ summary: 'Leave everything running, with the people moved' }),
    clean: Flags.string({
      summary: 'Rehearse nothing: end what a rehearsal left or kept, by its id, or all; dead: what was left, not kept',
      helpValue: 'ID|all|dead',
      exclusive: ['demo', 'sample', 'keep'],
    }),
  }

  async run(): Promise<RehearsalDocument | undefined> {
    const { refuseWindows } = await import('../rehearsal/refuse-windows.ts')
    refuseWindows()
    const settings = await this.settings()
    const { rehearsalOptions } = await import('../cli/rehearsal-options.ts')
    const { accounts, damage, demo, sample, canaries, tokens, keep, clean } = this.flags
    if (clean !== undefined) return this.clean(clean)
    const { reports, lists } = await this.reportsAsked(settings)
    const { rehearse } = await import('../rehearsal/rehearse.ts')
    const { found, unasked } = await this.watched(async (progress) => {
      const asked = await rehearsalOptions({
        settings,
        people: { demo, sample, accounts, damage, canaries, tokens },
        stage: this.stage(progress),
        settingsFile: this.flags.config,
        afterwards: keep ? 'kept' : 'ended',
      })
      // Only once the command line is understood: it takes an earlier one's place.
      const usual = await usualReport(reports)
      return { unasked: usual, found: await rehearse({ ...asked, lists, progress, signal: this.signal }) }
    })
    const document = await this.deliver(found, [...unasked, ...reports])
    if (document.verdict === 'failed') this.exitWith(EXIT.verifyDifferences)
    return document
  }

  private async clean(which: string): Promise<undefined> {
    const { cleanUp } = await import('../cli/clean-rehearsals.ts')
    const settings = await this.settings()
    const { text, code } = await this.watched((progress) =>
      cleanUp({ settings, which, note: (message) => progress.note(message), signal: this.signal }),
    )
    this.log(text)
    if (code !== EXIT.done) this.exitWith(code)
  }
}
