import { Flags } from '@oclif/core'
import { ruleFlags, sourceFlags } from '../cli/flags.ts'
import { MigrationCommand } from '../cli/migration-command.ts'
import type { SampleManifest } from '../rehearsal/sample/folder/manifest.ts'

export default class Sample extends MigrationCommand<typeof Sample> {
  static override summary = "Take a small, masked copy of a homeserver's people, to rehearse with"
  static override description =
    `Chooses accounts so that every reason, every finding and every shape of the homeserver is there, and writes all rows of theirs that syn2op reads to a folder, with other names, addresses, subjects, tokens, devices and hashes in the place of theirs. The same key makes the same sample. \`rehearse --sample\` loads it.

What stays as it is: lengths, kinds of letters, counts, who has what, the distances between times, and names of SSO providers in which nobody's name is. No name of eight or more characters is anywhere in the folder, nor any shorter one as a value.

Synapse may run. Its database is only read, in one moment; SELECT is enough. Only the folder is written, and the key, where it is not there yet.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> --synapse-config homeserver.yaml --out people',
    '<%= config.bin %> <%= command.id %> --out people --accounts 500 --key ~/sample.key',
    '<%= config.bin %> <%= command.id %> --out people --full',
  ]
  static override flags = {
    ...sourceFlags,
    'as-of': ruleFlags['as-of'],
    'out': Flags.string({
      summary: 'Folder for the sample; one that holds a sample is replaced',
      helpValue: 'FOLDER',
      required: true,
    }),
    'accounts': Flags.integer({
      summary: 'About how many accounts; more where it takes more to have every kind',
      default: 200,
      min: 1,
      max: 1_000_000,
    }),
    'key': Flags.string({
      summary:
        'The secret by which names are replaced, outside the git repository of the sample; made where it is not there. By itself ~/.config/syn2op/sample.key',
      helpValue: 'FILE',
    }),
    'mask-providers': Flags.boolean({
      summary: 'Mask the names of SSO providers too; rules and configurations that name one then name none',
    }),
    'full': Flags.boolean({ summary: 'Everybody, for a rehearsal of equal size', exclusive: ['accounts'] }),
  }

  async run(): Promise<SampleManifest> {
    this.refuseReports()
    const { homeserverOf, sourceOf } = await import('../cli/migration-request.ts')
    const { sampleKey } = await import('../rehearsal/sample/folder/sample-key.ts')
    const { refuseOthers } = await import('../rehearsal/sample/folder/refuse-others.ts')
    const { takeSample } = await import('../rehearsal/sample/take-sample.ts')
    const { renderSample } = await import('../rehearsal/sample/render-sample.ts')
    const { defaultKeyFile } = await import('../rehearsal/sample/folder/default-key-file.ts')
    const { out, accounts, full } = this.flags
    const settings = await this.settings()
    const homeserver = await homeserverOf(settings)
    await refuseOthers(out)
    const keyFile = this.flags.key ?? (await defaultKeyFile())
    const key = await sampleKey(keyFile, out)
    const manifest = await this.watched(async (progress) =>
      takeSample({
        ...(await sourceOf(homeserver, this.stage(progress))),
        homeserver,
        out,
        key,
        people: full ? 'everybody' : accounts,
        providers: this.flags['mask-providers'] ? 'masked' : 'kept',
        asOf: settings.asOf === undefined ? Date.now() : Date.parse(settings.asOf.value),
        progress,
        signal: this.signal,
      }),
    )
    this.log(renderSample(manifest, { out, key: keyFile }))
    return manifest
  }
}
