import { Flags } from '@oclif/core'
import { cohortFlags, ruleFlags, runsFlags, sourceFlags, targetFlags } from '../cli/flags.ts'
import { linkEnds } from '../cli/link-ends.ts'
import { MigrationCommand } from '../cli/migration-command.ts'
import { runsFolder } from '../cli/runs-folder.ts'
import { EXIT } from '../errors/exit-codes.ts'
import { Syn2opError } from '../errors/syn2op-error.ts'
import { verdictOf } from '../findings/accept.ts'
import type { LinkDocument } from '../report/link-document.ts'

const PLACES = ['synapse', 'mas'] as const

export default class Link extends MigrationCommand<typeof Link> {
  static override summary = 'Join accounts with their people at Keycloak or Auth0, so that nobody gets a second account'
  static override description =
    `Where Keycloak or Auth0 logs people in to Synapse, or to MAS, whoever comes from there for the first time gets a new account, unless a link says whose they are. This writes those links: the id that each account has at Keycloak is known before anybody logs in.

--to synapse writes rows of user_external_ids, for the entry of oidc_providers whose issuer is the realm, or the tenant (with --target auth0); Synapse must be stopped meanwhile. --to mas writes rows of upstream_oauth_links, for the provider of MAS whose issuer is that; MAS may run.

Without --apply nothing is written to the database: the links are counted, and with --out written to a file for psql, with another that takes them back. --apply asks, and writes them in one transaction; --undo takes back exactly what a run of --apply wrote, but for links that people have used since. A link that is there is never overwritten.

Linked is whoever migrates there by the mapping and, as the folder of the runs knows, is there. May be repeated: links that are there stay.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> --to synapse --target-config keycloak.yaml --synapse-config homeserver.yaml',
    '<%= config.bin %> <%= command.id %> --to synapse --target auth0 --target-config auth0.yaml',
    '<%= config.bin %> <%= command.id %> --to synapse --out link.sql',
    '<%= config.bin %> <%= command.id %> --to mas --link-config config.yaml --apply',
    '<%= config.bin %> <%= command.id %> --to mas --undo 20261121-031500-9f3a',
  ]
  static override flags = {
    'to': Flags.option({
      options: PLACES,
      summary: 'Where links are written: in the database of Synapse, or of MAS',
      helpGroup: 'LINK',
      required: true,
    })(),
    'apply': Flags.boolean({
      summary: 'Write the links to the database, after asking',
      helpGroup: 'LINK',
      exclusive: ['undo'],
    }),
    'undo': Flags.string({
      summary: 'Take back the links that this run wrote; last is the newest one',
      helpValue: 'RUN',
      helpGroup: 'LINK',
    }),
    'out': Flags.string({
      summary: 'Write the links as SQL to a new file, and what takes them back to another: link.sql and unlink.sql',
      helpValue: 'FILE',
      helpGroup: 'LINK',
      exclusive: ['undo'],
    }),
    'auth-provider': Flags.string({
      summary:
        'The provider that leads there, where its issuer does not tell: oidc-keycloak, or the ULID of a provider of MAS',
      helpValue: 'NAME',
      helpGroup: 'LINK',
      exclusive: ['undo'],
    }),
    'everybody': Flags.boolean({
      summary: 'Link also those whom no run here has brought there yet',
      helpGroup: 'LINK',
      exclusive: ['undo'],
    }),
    'link-config': Flags.string({
      summary: "MAS's config.yaml, for --to mas; may be repeated",
      helpValue: 'FILE',
      multiple: true,
      multipleNonGreedy: true,
      helpGroup: 'LINK',
    }),
    'link-database': Flags.string({
      summary: 'URL of the database to write to, with a role that may, without a password',
      helpValue: 'URL',
      helpGroup: 'LINK',
    }),
    ...sourceFlags,
    ...targetFlags,
    ...ruleFlags,
    ...cohortFlags,
    ...runsFlags,
  }

  async run(): Promise<LinkDocument | undefined> {
    this.refuseReports()
    const { renderLink } = await import('../report/text/link.ts')
    const document = await (this.flags.undo === undefined ? this.link() : this.undo(this.flags.undo))
    if (document === undefined) {
      this.tell('info', this.flags.undo === undefined ? 'Nothing was written.' : 'Nothing was taken back.')
      return undefined
    }
    this.log(renderLink(document, this.textOptions()).trimEnd())
    if (verdictOf(document.findings) === 'errors') this.exitWith(EXIT.checkErrors)
    return document
  }

  private async link(): Promise<LinkDocument | undefined> {
    const { link } = await import('../link/link.ts')
    const { to, apply, out, everybody, 'auth-provider': authProvider } = this.flags
    const settings = await this.settings()
    const { settings: forLogins, ...ends } = await linkEnds(settings, to, this.signal)
    return this.watched(async (progress) =>
      link({
        ...(await this.request(forLogins, progress)),
        ...ends,
        whom: everybody ? 'everybody' : 'migrated',
        ...(authProvider === undefined ? {} : { authProvider }),
        ...(out === undefined ? {} : { out }),
        ...(apply ? { confirm: (plan: LinkDocument) => this.confirmed(plan) } : {}),
      }),
    )
  }

  private async undo(asked: string): Promise<LinkDocument | undefined> {
    const { undoLinks } = await import('../link/undo-links.ts')
    const { lastLinkRun, readLinkJournal } = await import('../link/link-journal.ts')
    const { linkPlace } = await import('../cli/link-ends.ts')
    const { fileRecorder } = await import('../migration/runs/recorder.ts')
    const settings = await this.settings()
    const runs = runsFolder(settings)
    const runId = asked === 'last' ? await lastLinkRun(runs) : asked
    const links = readLinkJournal(runs, runId)
    const { to } = this.flags
    if (links !== undefined && links.head.to !== to) throw writtenElsewhere(runId, links.head.to)
    const place = await linkPlace(settings, to)
    const command = [this.config.bin, 'link', '--to', to, '--undo', runId]
    return this.watched(async (progress) =>
      undoLinks({
        place,
        runId,
        links,
        accept: settings.accept?.value ?? [],
        progress,
        recorder: fileRecorder({ runs, command, warn: (message) => progress.note(message) }),
        signal: this.signal,
        confirm: (plan) => this.confirmed(plan),
      }),
    )
  }

  private async confirmed(plan: LinkDocument): Promise<boolean> {
    if (this.flags.yes) return true
    const { renderLink } = await import('../report/text/link.ts')
    this.log(renderLink(plan, this.textOptions()).trimEnd())
    const what = plan.action === 'undo' ? 'Take these links back at' : 'Write these links to'
    return this.asked(`${what} ${plan.to.product}, ${plan.to.location}?`)
  }
}

const writtenElsewhere = (runId: string, to: string): Syn2opError =>
  new Syn2opError('usage', `Run ${runId} wrote its links elsewhere`, {
    next: [`syn2op link --to ${to} --undo ${runId}`],
  })
