import { Flags } from '@oclif/core'
import { MigrationCommand } from '../../cli/migration-command.ts'
import type { KeycloakProviderDocument } from '../../report/keycloak-provider-document.ts'

export default class KeycloakProvider extends MigrationCommand<typeof KeycloakProvider> {
  static override summary = 'Write the provider by which Keycloak checks the passwords of Synapse'
  static override description =
    `Keycloak knows no bcrypt. This provider lets people log in with the passwords that they have at Synapse: NFKC, then the pepper, cut to 72 bytes, as Synapse does it. At the first right login Keycloak hashes the password anew, with its own algorithm; when everybody has logged in once, the provider and the pepper can go.

Writes one file, synapse-bcrypt.jar, and says what to do with it. It was tried on Keycloak 26.4, 26.5 and 26.7, not in FIPS mode. Another file of that name is written over only where you agree, or with \`--yes\`.

In a realm whose password policy names synapse-bcrypt as its hashing algorithm, passwords are hashed by Keycloak's default all the same: this provider only checks.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> --out /opt/keycloak/providers',
    '<%= config.bin %> <%= command.id %> --out . --json',
  ]
  static override flags = {
    out: Flags.string({
      summary: "Folder for the jar, such as Keycloak's providers/; made when it is missing",
      helpValue: 'FOLDER',
      required: true,
    }),
  }

  async run(): Promise<KeycloakProviderDocument | undefined> {
    this.refuseReports()
    const { placeProvider } = await import('../../targets/keycloak/provider/place-provider.ts')
    const { readProviderJar } = await import('../../targets/keycloak/provider/provider-jar.ts')
    const { renderKeycloakProvider } = await import('../../report/text/keycloak-provider.ts')
    const document = await placeProvider(await readProviderJar(), {
      folder: this.flags.out,
      mayReplace: (file) => this.mayReplace(file),
    })
    if (document === undefined) this.tell('info', 'Nothing was written.')
    else this.log(renderKeycloakProvider(document, this.textOptions()))
    return document
  }

  private async mayReplace(file: string): Promise<boolean> {
    if (this.flags.yes) return true
    return this.asked(`${file} is another one. Replace it?`)
  }
}
