import { Flags } from '@oclif/core'
import { sourceFlags, targetFlags } from '../cli/flags.ts'
import { MigrationCommand } from '../cli/migration-command.ts'
import type { InitDocument } from '../init/init.ts'

export default class Init extends MigrationCommand<typeof Init> {
  static override summary = 'Write syn2op.yaml and mapping.yaml that fit this homeserver'
  static override description =
    `Reads the configuration of Synapse, and where they can be reached its database and the target, and writes the two files with what is really there: paths, providers and who knows them, guests, application services, numbers for cohorts, the warnings of today. What is a decision of yours stands behind #.

Synapse may run. Only those two files are written, and none that is there already unless \`--force\` is given, which keeps a copy of what was there (\`.bak\`); no password stands in them. As with \`check\`, what a run that died has left at the target is taken back. Nothing is asked.`
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --synapse-config /etc/matrix-synapse/homeserver.yaml --target-config /etc/mas/config.yaml',
    '<%= config.bin %> <%= command.id %> --out rehearsal --force',
  ]
  static override flags = {
    ...sourceFlags,
    ...targetFlags,
    out: Flags.string({
      summary: 'Folder for the two files; made when it is missing',
      helpValue: 'FOLDER',
      default: '.',
    }),
    force: Flags.boolean({ summary: 'Write over files that are there, and keep a copy of what they held' }),
  }

  async run(): Promise<InitDocument> {
    this.refuseReports()
    const { initEnds, withUsualConfig } = await import('../cli/init-ends.ts')
    const { init, refuseOverwriting } = await import('../init/init.ts')
    const { renderInit } = await import('../init/render-init.ts')
    const { out, force } = this.flags
    if (!force) await refuseOverwriting(out)
    const settings = withUsualConfig(await this.settings(), { folder: process.cwd() })
    const document = await this.watched(async (progress) =>
      init(
        await initEnds({
          settings,
          announced: () => this.announcedTargets(),
          stage: this.stage(progress),
          progress,
          signal: this.signal,
        }),
        out,
      ),
    )
    this.log(renderInit(document))
    return document
  }
}
