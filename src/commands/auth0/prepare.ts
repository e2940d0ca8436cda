import { Flags } from '@oclif/core'
import { auth0Tenant } from '../../cli/auth0-tenant.ts'
import { runsFlags, targetFlags } from '../../cli/flags.ts'
import { MigrationCommand } from '../../cli/migration-command.ts'
import { runsFolder } from '../../cli/runs-folder.ts'
import type { Settings } from '../../config/settings.ts'
import { Syn2opError } from '../../errors/syn2op-error.ts'
import type { Auth0PrepareDocument } from '../../report/auth0-prepare-document.ts'
import type { ManagementApi } from '../../targets/auth0/api/management-api.ts'
import type { Auth0Config } from '../../targets/auth0/config/auth0-config.ts'

/** What a part of the command comes to: a document, and why it ended before its end. */
interface Ended {
  readonly document: Auth0PrepareDocument
  readonly error?: unknown
}

interface Tenant {
  readonly api: ManagementApi
  readonly config: Auth0Config
  readonly settings: Settings
}

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)))

const lackingOf = (isSaid: boolean): 'may be lacking' | 'as it is' => (isSaid ? 'may be lacking' : 'as it is')

export default class Auth0Prepare extends MigrationCommand<typeof Auth0Prepare> {
  static override summary = 'Show what a tenant of Auth0 lacks before people are moved, and do it'
  static override description =
    `Shows the steps that are needed, each with the request that does it, and what only people can do: the database connection that auth0.yaml names, usernames of up to 128 characters, the application that uses the connection, inbound SCIM for providers with \`link: scim\`. What is right already stays as it is.

--without-email lets people have no e-mail address. Where the connection is of the older kind that turns on flexible identifiers, of which Auth0 warns that they may break a login page in production: so it is done only when it is said.

Writes nothing without \`--apply\`, which asks first, and then keeps a record of each step in the folder of the runs. \`--undo\` takes back what is still as it was set, as long as nobody whom syn2op wrote needs it, no import of syn2op may be at work, and none has ended in the last quarter of an hour, and leaves what somebody has changed since. It looks by an export, which takes a while in a large connection. A second \`--apply\` finds nothing to do.

The application of auth0.yaml needs the scopes read:connections and read:connections_options to look; create:connections, update:connections, update:connections_options, read:scim_config and create:scim_config where such steps are shown, delete:connections and delete:scim_config to take them back, and read:users to see whether somebody needs them.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> --target-config auth0.yaml',
    '<%= config.bin %> <%= command.id %> --target-config auth0.yaml --without-email --apply',
    '<%= config.bin %> <%= command.id %> --target-config auth0.yaml --undo syn2op-runs/prepare-undo-20261122-173000-123.json',
  ]
  static override flags = {
    'apply': Flags.boolean({ summary: 'Do what is shown, after asking', exclusive: ['undo'] }),
    'undo': Flags.string({
      summary: 'Show and take back what an earlier --apply did, by the file that it wrote',
      helpValue: 'FILE',
      exclusive: ['without-email', 'without-phone'],
    }),
    'without-email': Flags.boolean({
      summary: 'Let people have no e-mail address; turns on flexible identifiers where the connection has none',
    }),
    'without-phone': Flags.boolean({ summary: 'Let people have no phone number, where the connection requires one' }),
    ...targetFlags,
    ...runsFlags,
  }

  async run(): Promise<Auth0PrepareDocument | undefined> {
    this.refuseReports()
    const settings = await this.settings()
    const config = await auth0Tenant(settings)
    const { openManagementApi } = await import('../../targets/auth0/api/management-api.ts')
    const api = openManagementApi(config)
    try {
      const { undo } = this.flags
      const tenant = { api, config, settings }
      const ended = undo === undefined ? await this.prepare(tenant) : await this.takeBack(tenant, undo)
      return await this.told(ended)
    } finally {
      await api.close()
    }
  }

  private async prepare({ api, config, settings }: Tenant): Promise<Ended | undefined> {
    const { applyPrepare, showPrepare } = await import('../../targets/auth0/prepare/prepare.ts')
    const { 'without-email': email, 'without-phone': phone, apply } = this.flags
    const lacking = { email: lackingOf(email), phone: lackingOf(phone) }
    const request = { api, config, lacking, signal: this.signal }
    const prepared = await this.watched(() => showPrepare(request))
    const { document } = prepared
    if (!apply || document.steps.length === 0) return { document }
    if (!(await this.agreed(document, `Do this in the tenant ${config.url}?`))) return undefined
    return this.watched((progress) =>
      applyPrepare(prepared, { ...request, runs: runsFolder(settings), note: (message) => progress.note(message) }),
    )
  }

  private async takeBack({ api, config, settings }: Tenant, file: string): Promise<Ended | undefined> {
    const { applyUndo, hasSomething, showUndo } = await import('../../targets/auth0/prepare/undo-prepare.ts')
    const { keepImportNotes } = await import('../../targets/auth0/jobs/import-notes.ts')
    const { openNotes } = await import('../../migration/slow-road/notes.ts')
    const { locationOf, TARGET_NAME } = await import('../../targets/auth0/location.ts')
    const { takeLease } = await import('../../migration/slow-road/lease.ts')
    const runs = runsFolder(settings)
    const imports = keepImportNotes(api.clock)
    const request = { api, config, imports, signal: this.signal }
    // No run begins an import between the look and the deed.
    const lease = await takeLease(runs, TARGET_NAME)
    const notes = openNotes(runs, { target: TARGET_NAME, location: locationOf(config) })
    try {
      imports.keepIn(notes)
      const shown = await this.watched(() => showUndo(file, request))
      if (!hasSomething(shown)) return { document: shown.document }
      if (!(await this.agreed(shown.document, `Take this back in the tenant ${config.url}?`))) return undefined
      return await this.watched(() => applyUndo(shown, { ...request, runs }))
    } finally {
      notes.close()
      lease.release()
    }
  }

  private async told(ended: Ended | undefined): Promise<Auth0PrepareDocument | undefined> {
    if (ended === undefined) {
      this.tell('info', 'Nothing was written.')
      return undefined
    }
    const { document, error } = ended
    await this.show(document)
    if (document.action === 'plan' && document.steps.length > 0)
      this.tell('info', 'Nothing was written. To do it: add --apply')
    if (error instanceof Syn2opError) this.tellEnd(error)
    else if (error !== undefined) throw asError(error)
    return document
  }

  private async agreed(document: Auth0PrepareDocument, question: string): Promise<boolean> {
    if (this.flags.yes) return true
    await this.show(document)
    return this.asked(question)
  }

  private async show(document: Auth0PrepareDocument): Promise<void> {
    const { renderAuth0Prepare } = await import('../../report/text/auth0-prepare.ts')
    this.log(renderAuth0Prepare(document, this.textOptions()))
  }
}
