import { Flags } from '@oclif/core'
import { auth0Tenant } from '../../cli/auth0-tenant.ts'
import { sourceFlags, targetFlags } from '../../cli/flags.ts'
import { MigrationCommand } from '../../cli/migration-command.ts'
import type { Settings } from '../../config/settings.ts'
import { EXIT } from '../../errors/exit-codes.ts'
import type { CanaryDocument } from '../../report/auth0-canary-document.ts'

export default class Auth0Canary extends MigrationCommand<typeof Auth0Canary> {
  static override summary = 'Ask a tenant of Auth0 what only a tenant can answer, by five users of reserved names'
  static override description =
    `Some of what syn2op relies on is nowhere promised by Auth0 in words, or its texts contradict each other, such as on a hash of Synapse's with a long pepper. This imports five users whom nobody has (…@syn2op-canary.invalid), with passwords and peppers made for the purpose and told to nobody, tries each of these things, and says which are as syn2op takes them to be. Then it deletes the users, also after Ctrl-C. Of homeserver.yaml, where one is named, it takes the length of the pepper, and nothing else.

It costs four import jobs and an export, some 80 requests, and up to three monthly active users. Passwords are tried by the \`application\` of auth0.yaml; what cannot be asked is told with the reason. Its scopes: create:users, read:users, delete:users, read:connections, read:connections_options; read:logs for one question; update:users, read:scim_config, create:scim_token and delete:scim_token for another.

Ends with 0 when nothing is refuted, 12 when something is.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> --target-config auth0.yaml',
    '<%= config.bin %> <%= command.id %> --yes --json',
  ]
  static override flags = {
    ...targetFlags,
    'synapse-config': sourceFlags['synapse-config'],
    keep: Flags.boolean({ summary: 'Leave the five users where they are, to look at them' }),
  }

  async run(): Promise<CanaryDocument | undefined> {
    this.refuseReports()
    const settings = await this.settings()
    const config = await auth0Tenant(settings)
    const pepperBytes = await pepperBytesOf(settings)
    if (!(await this.agreed(config.url, config.connection))) {
      this.tell('info', 'Nothing was written.')
      return undefined
    }
    const { openManagementApi } = await import('../../targets/auth0/api/management-api.ts')
    const { runCanary } = await import('../../targets/auth0/canary/run-canary.ts')
    const { renderCanary } = await import('../../report/text/auth0-canary.ts')
    const { syn2opVersion } = await import('../../version.ts')
    const api = openManagementApi(config)
    try {
      const document = await this.watched((progress) =>
        runCanary({
          api,
          config,
          syn2op: syn2opVersion(),
          pepperBytes,
          probes: this.flags.keep ? 'keep' : 'remove',
          told: ({ says, verdict }) => progress.note(`${verdict}: ${says}`),
          signal: this.signal,
        }),
      )
      this.log(renderCanary(document, this.textOptions()))
      if (document.claims.some(({ verdict }) => verdict === 'refuted')) this.exitWith(EXIT.verifyDifferences)
      return document
    } finally {
      await api.close()
    }
  }

  private async agreed(url: string, connection: string): Promise<boolean> {
    if (this.flags.yes) return true
    return this.asked(`Make five users in the connection ${connection} of ${url}, and delete them again?`)
  }
}

const pepperBytesOf = async (settings: Settings): Promise<number | undefined> => {
  if (settings['synapse.config'] === undefined) return undefined
  const { homeserverOf } = await import('../../cli/migration-request.ts')
  const { pepper } = await homeserverOf(settings)
  return pepper === undefined ? undefined : Buffer.byteLength(pepper)
}
