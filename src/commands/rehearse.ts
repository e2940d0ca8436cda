import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Flags } from '@oclif/core'
import { MigrationCommand } from '../cli/migration-command.ts'
import { EXIT } from '../errors/exit-codes.ts'
import { Syn2opError } from '../errors/syn2op-error.ts'
import type { RehearsalDocument } from '../report/documents.ts'

const REPORT = join('syn2op-runs', 'rehearsal', 'report.html')

export default class Rehearse extends MigrationCommand<typeof Rehearse> {
  static override summary = 'Try the whole migration on databases that are thrown away'
  static override description =
    `Starts a PostgreSQL of its own, makes a homeserver with every kind of account and damage known to us and an empty MAS, and runs check, plan, migrate and verify on them. Nothing of yours is read or written, but the report in ${REPORT}.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> --demo',
    '<%= config.bin %> <%= command.id %> --demo --accounts 500000 --damage none',
    '<%= config.bin %> <%= command.id %> --demo --backend containers',
  ]
  static override flags = {
    demo: Flags.boolean({ summary: 'With a made-up homeserver (the only kind in this version)' }),
    accounts: Flags.integer({ summary: 'How many accounts it has', default: 20_000, min: 1, max: 10_000_000 }),
    damage: Flags.option({
      options: ['all', 'none'] as const,
      default: 'all' as const,
      summary: 'With every kind of damage, or with none',
    })(),
    backend: Flags.option({
      options: ['embedded', 'containers'] as const,
      default: 'embedded' as const,
      summary: 'Where the databases come from',
    })(),
    image: Flags.string({
      summary: 'PostgreSQL image of the containers; one that behaves like the official postgres',
      helpValue: 'IMAGE',
      env: 'SYN2OP_POSTGRES_IMAGE',
      dependsOn: ['backend'],
    }),
  }

  async run(): Promise<RehearsalDocument | undefined> {
    if (!this.flags.demo) {
      throw new Syn2opError('usage', 'This version rehearses with a made-up homeserver only', {
        next: ['syn2op rehearse --demo'],
      })
    }
    await mkdir(dirname(REPORT), { recursive: true })
    const { reports, lists } = await this.reportsAsked(await this.settings())
    const { rehearseDemo } = await import('../rehearsal/demo-rehearsal.ts')
    const { accounts, damage } = this.flags
    const found = await this.watched(async (progress) =>
      rehearseDemo({
        accounts,
        damage,
        readers: 2,
        progress,
        signal: this.signal,
        start: await backendOf(this.flags),
        lists,
      }),
    )
    const document = await this.deliver(found, [{ kind: 'html', file: REPORT }, ...reports])
    this.tell('info', OWN)
    if (document.verdict === 'failed') this.exitWith(EXIT.verifyDifferences)
    return document
  }
}

const OWN = 'In a checkout, `node_modules/.bin/node bin/run.js` is `syn2op`.'

const backendOf = async ({
  backend,
  image,
}: {
  readonly backend: 'embedded' | 'containers'
  readonly image?: string | undefined
}) => {
  if (backend === 'embedded') {
    const { startEmbeddedPostgres } = await import('../rehearsal/embedded.ts')
    return () => startEmbeddedPostgres()
  }
  const { startContainerPostgres } = await import('../rehearsal/containers.ts')
  return () => startContainerPostgres(image === undefined ? {} : { image })
}
