import { Flags } from '@oclif/core'
import { auth0Tenant } from '../../cli/auth0-tenant.ts'
import { targetFlags } from '../../cli/flags.ts'
import { MigrationCommand } from '../../cli/migration-command.ts'
import { Syn2opError } from '../../errors/syn2op-error.ts'
import type { Auth0ActionDocument } from '../../report/auth0-action-document.ts'
import type { ManagementApi } from '../../targets/auth0/api/management-api.ts'
import type { Auth0Config } from '../../targets/auth0/config/auth0-config.ts'
import type { ActionClient } from '../../targets/auth0/links/action/wanted-action.ts'

/** What is left to do after a look; the rest of the line is as it was typed. */
const HOW_TO_APPLY = `Nothing was written. To do it, add: --apply --action-client ID --action-secret-file FILE
ID is the client ID of an application that the Action asks as, FILE holds its secret. Make it for this alone: Machine to Machine, for the Auth0 Management API, with the scopes read:users and update:users and no others.`

interface Tenant {
  readonly api: ManagementApi
  readonly config: Auth0Config
}

export default class Auth0Action extends MigrationCommand<typeof Auth0Action> {
  static override summary = 'Show, deploy or take away the Action that links people at their first login'
  static override description =
    `Auth0's Management API makes nobody of another provider beforehand; inbound SCIM does, for enterprise connections with \`link: scim\`. Identities of providers with \`link: action\` in auth0.yaml are noted at the imported users, and this post-login Action links somebody who first comes from there: by the provider and the subject that it vouches for, never by an e-mail address alone. Where it cannot be told whose the login is, because Auth0 does not answer, the login is refused with a text that asks to try again; who never was at Synapse gets in as ever.

--apply makes it, or brings it up to date, deploys it, and has it run after the Actions that run already. Repeat it after each migrate that brings people: Auth0's search is behind what was written, so for a quarter of an hour the Action asks whom it does not find to come back. --undo takes it away again: links that were made stay. Without either it is only looked at. --print prints its source.

The Action asks the tenant as an application of its own, with the scopes read:users and update:users and no others: name it by --action-client, with its secret in a file that only you may read. syn2op's own client needs read:actions, create:actions, update:actions and delete:actions.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> --target-config auth0.yaml',
    '<%= config.bin %> <%= command.id %> --apply --action-client Xk3… --action-secret-file action-secret',
    '<%= config.bin %> <%= command.id %> --undo',
    '<%= config.bin %> <%= command.id %> --print > action.js',
  ]
  static override flags = {
    'apply': Flags.boolean({
      summary: 'Make it or bring it up to date, deploy it and bind it to the login, after asking',
      exclusive: ['undo', 'print'],
      dependsOn: ['action-client', 'action-secret-file'],
    }),
    'undo': Flags.boolean({ summary: 'Take it from the login and delete it, after asking', exclusive: ['print'] }),
    'print': Flags.boolean({ summary: 'Print its source, and ask nobody' }),
    'action-client': Flags.string({ summary: 'Client ID of the application that the Action asks as', helpValue: 'ID' }),
    'action-secret-file': Flags.string({
      summary: 'The file with its secret (mode 600); - is the standard input',
      helpValue: 'FILE',
    }),
    ...targetFlags,
  }

  async run(): Promise<Auth0ActionDocument | undefined> {
    this.refuseReports()
    if (this.flags.print) return this.printSource()
    const config = await auth0Tenant(await this.settings())
    const { openManagementApi } = await import('../../targets/auth0/api/management-api.ts')
    const api = openManagementApi(config)
    try {
      const document = await this.documentOf({ api, config })
      if (document === undefined) {
        this.tell('info', 'Nothing was written.')
        return undefined
      }
      const { renderAuth0Action } = await import('../../report/text/auth0-action.ts')
      this.log(renderAuth0Action(document, this.textOptions()))
      if (!this.flags.undo && !this.flags.apply && document.found !== 'runs') this.tell('info', HOW_TO_APPLY)
      return document
    } finally {
      await api.close()
    }
  }

  private async printSource(): Promise<undefined> {
    const { actionSource } = await import('../../targets/auth0/links/action/wanted-action.ts')
    this.log((await actionSource()).trimEnd())
  }

  private async documentOf(tenant: Tenant): Promise<Auth0ActionDocument | undefined> {
    const { presentState, standingOf } = await import('../../targets/auth0/links/action/present-state.ts')
    const { ACTION_NAME, actionSource, linkedConnections } = await import(
      '../../targets/auth0/links/action/wanted-action.ts'
    )
    const { syn2opVersion } = await import('../../version.ts')
    const { api, config } = tenant
    const found: Auth0ActionDocument = {
      kind: 'auth0-action',
      format: 1,
      syn2op: syn2opVersion(),
      target: { url: config.url },
      name: ACTION_NAME,
      connections: this.flags.undo ? [] : linkedConnections(config),
      found: standingOf(await presentState(api, this.signal), await actionSource()),
      done: [],
      needless: [],
    }
    if (this.flags.undo) return this.remove(tenant, found)
    return this.flags.apply ? this.deploy(tenant, found) : found
  }

  private async deploy({ api, config }: Tenant, found: Auth0ActionDocument): Promise<Auth0ActionDocument | undefined> {
    const client = await this.client()
    const { requireClient } = await import('../../targets/auth0/links/action/check-client.ts')
    const { deployLinking } = await import('../../targets/auth0/links/action/deploy.ts')
    const needless = await requireClient(config, client, this.signal)
    if (!(await this.agreed(`Have the Action ${found.name} run at every login of ${config.url}?`))) return undefined
    const done = await this.watched(() => deployLinking(api, { config, client, signal: this.signal }))
    return { ...found, done, needless }
  }

  private async remove({ api, config }: Tenant, found: Auth0ActionDocument): Promise<Auth0ActionDocument | undefined> {
    if (found.found === 'absent') return found
    if (!(await this.agreed(`Take the Action ${found.name} from ${config.url}?`))) return undefined
    const { removeLinking } = await import('../../targets/auth0/links/action/deploy.ts')
    return { ...found, done: await this.watched(() => removeLinking(api, this.signal)) }
  }

  private async client(): Promise<ActionClient> {
    const { 'action-client': id, 'action-secret-file': file } = this.flags
    if (id === undefined || file === undefined) throw new TypeError('--apply depends on both')
    const { readProtected } = await import('../../migration/proofs/protected-file.ts')
    const secret = (await readProtected(file, '--action-secret-file')).trim()
    if (secret !== '') return { id, secret }
    throw new Syn2opError('usage', `There is no secret in ${file}`, {
      next: ['It is the "Client Secret" of the application that --action-client names.'],
    })
  }

  private async agreed(question: string): Promise<boolean> {
    if (this.flags.yes) return true
    return this.asked(question)
  }
}
