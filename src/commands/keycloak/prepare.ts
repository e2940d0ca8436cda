import { Flags } from '@oclif/core'
import { runsFlags, sourceFlags, targetFlags } from '../../cli/flags.ts'
import { keycloakPreparation, openingOf } from '../../cli/keycloak-preparation.ts'
import { MigrationCommand } from '../../cli/migration-command.ts'
import { runsFolder } from '../../cli/runs-folder.ts'
import { Syn2opError } from '../../errors/syn2op-error.ts'
import type { KeycloakPrepareDocument } from '../../report/keycloak-prepare-document.ts'

/** What a part of the command comes to: a document, and why it ended before its end. */
interface Ended {
  readonly document: KeycloakPrepareDocument
  readonly error?: unknown
}

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)))

export default class KeycloakPrepare extends MigrationCommand<typeof KeycloakPrepare> {
  static override summary = 'Show what a realm of Keycloak lacks before accounts are loaded, and do it'
  static override description =
    `Shows the steps that are needed, with every field that changes, and what only people can do: attributes that have to be declared, fields that must not be required, identity providers, clients for Synapse and MAS, events, statistics of the database. What is there already stays as it is.

Writes nothing without \`--apply\`, which asks first, and then keeps a record of each step in the folder of the runs. \`--undo\` takes back what is still as it was set, and leaves what somebody has changed since. A second \`--apply\` finds nothing to do.

The client of keycloak.yaml needs the role manage-realm of realm-management; manage-identity-providers and manage-clients where such steps are shown.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> --target-config keycloak.yaml --synapse-config homeserver.yaml',
    '<%= config.bin %> <%= command.id %> --target-config keycloak.yaml --for mas --mas-url https://auth.example.org --apply',
    '<%= config.bin %> <%= command.id %> --target-config keycloak.yaml --undo syn2op-runs/prepare-undo-20261122-173000-123.json',
  ]
  static override flags = {
    'apply': Flags.boolean({ summary: 'Do what is shown, after asking', exclusive: ['undo'] }),
    'undo': Flags.string({
      summary: 'Show and take back what an earlier --apply did, by the file that it wrote',
      helpValue: 'FILE',
      exclusive: ['out', 'events', 'for'],
    }),
    'out': Flags.string({
      summary:
        'Write a new realm as it would be, as kc.sh import takes it; of one that exists what is added and changes',
      helpValue: 'FILE',
    }),
    'create-realm': Flags.boolean({ summary: 'Make the realm where it does not exist' }),
    'relax-usernames': Flags.boolean({
      summary: 'Let usernames be short and have any character, also where people may edit theirs',
    }),
    'events': Flags.option({
      options: ['off', 'restore'] as const,
      summary: 'Record no events while accounts are loaded; restore: as before the last off',
    })(),
    'for': Flags.option({
      options: ['synapse', 'mas', 'both'] as const,
      summary: 'Add the client as which Synapse or MAS signs people in, and show what to put into its configuration',
    })(),
    'mas-url': Flags.string({ summary: 'Where people reach MAS, for --for mas', helpValue: 'URL' }),
    ...sourceFlags,
    ...targetFlags,
    mapping: Flags.string({ summary: 'Rules file', helpValue: 'FILE', helpGroup: 'RULES' }),
    ...runsFlags,
  }

  async run(): Promise<KeycloakPrepareDocument | undefined> {
    this.refuseReports()
    const { events, undo } = this.flags
    const ended = undo !== undefined || events === 'restore' ? await this.takeBack(undo) : await this.prepare()
    if (ended === undefined) {
      this.tell('info', 'Nothing was written.')
      return undefined
    }
    await this.show(ended.document)
    const { document, error } = ended
    if (document.action === 'plan' && document.steps.length > 0)
      this.tell('info', 'Nothing was written. To do it: add --apply')
    if (error instanceof Syn2opError) this.tellEnd(error)
    else if (error !== undefined) throw asError(error)
    return document
  }

  private async prepare(): Promise<Ended | undefined> {
    const { applyPrepare, showPrepare } = await import('../../targets/keycloak/prepare/prepare.ts')
    const settings = await this.settings()
    const request = await keycloakPreparation(settings, this.wishes(), this.signal)
    const prepared = await this.watched(() => showPrepare(request))
    const { out, apply } = this.flags
    const written = out === undefined ? {} : { realmFile: await this.writeRealm(out, prepared.realm) }
    const document = { ...prepared.document, ...written }
    if (!apply || document.steps.length === 0) return { document }
    if (!(await this.agreed(document, `Do this in the realm ${document.target.realm}?`))) return undefined
    return this.watched((progress) =>
      applyPrepare(prepared, {
        ...request,
        runs: runsFolder(settings),
        note: (message) => progress.note(message),
      }),
    )
  }

  private async takeBack(file: string | undefined): Promise<Ended | undefined> {
    const undo = await import('../../targets/keycloak/prepare/undo-prepare.ts')
    const settings = await this.settings()
    const { config, openApi } = await openingOf(settings)
    const api = openApi()
    try {
      const request = {
        config,
        api,
        runs: runsFolder(settings),
        signal: this.signal,
      }
      const shown = file === undefined ? await undo.showEventsRestore(request) : await undo.showUndo(file, request)
      if (!undo.hasSomething(shown)) return { document: shown.document }
      const { realm } = shown.document.target
      if (!(await this.agreed(shown.document, `Take this back in the realm ${realm}?`))) return undefined
      return await this.watched(() => undo.applyUndo(shown, request))
    } finally {
      await api.close()
    }
  }

  private wishes() {
    const { events, for: application, 'create-realm': create, 'relax-usernames': relax, 'mas-url': mas } = this.flags
    return {
      realmMissing: create ? ('create' as const) : ('tell' as const),
      usernames: relax ? ('relax' as const) : ('keep' as const),
      events: events === 'off' ? ('off' as const) : ('keep' as const),
      applications:
        application === undefined ? [] : application === 'both' ? (['synapse', 'mas'] as const) : [application],
      ...(mas === undefined ? {} : { masUrl: mas }),
    }
  }

  private async writeRealm(file: string, realm: Readonly<Record<string, unknown>>): Promise<string> {
    const { causeOf, writeWhole } = await import('../../report/write-whole.ts')
    try {
      await writeWhole(file, `${JSON.stringify(realm, null, 2)}\n`)
      return file
    } catch (cause) {
      throw new Syn2opError('usage', `${file} cannot be written: ${causeOf(cause) ?? 'it fails'}`, {
        cause,
        next: ['Name a file in a folder that you may write to: --out FILE'],
      })
    }
  }

  private async agreed(document: KeycloakPrepareDocument, question: string): Promise<boolean> {
    if (this.flags.yes) return true
    // The blocks to paste come when their clients are there.
    await this.show({ ...document, wirings: [] })
    return this.asked(question)
  }

  private async show(document: KeycloakPrepareDocument): Promise<void> {
    const { renderKeycloakPrepare } = await import('../../report/text/keycloak-prepare.ts')
    this.log(renderKeycloakPrepare(document, this.textOptions()))
  }
}
