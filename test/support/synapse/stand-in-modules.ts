import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** A module that registers one callback of password providers, as the real one of its name does. */
const registering = (name: string, callback: string): string => `class ${name}:
    @staticmethod
    def parse_config(config):
        return config

    def __init__(self, config, api):
        api.register_password_auth_provider_callbacks(${callback})

    async def called(self, *args):
        return None
`

const MODULES: Readonly<Record<string, string>> = {
  'story_module.py': registering(
    'PasswordProvider',
    'auth_checkers={("m.login.password", ("password",)): self.called}',
  ),
  'ldap_auth_provider.py': [
    registering('LdapAuthProvider', 'auth_checkers={("m.login.password", ("password",)): self.called}'),
    registering('LdapAuthProviderModule', 'auth_checkers={("m.login.password", ("password",)): self.called}'),
  ].join('\n\n'),
  'username_from_threepid.py': registering('UsernameFromThreepid', 'get_username_for_registration=self.called'),
  'threepid_checker.py': registering('ThreepidChecker', 'is_3pid_allowed=self.called'),
  'synapse_guest_module.py': registering('GuestModule', 'get_displayname_for_registration=self.called'),
  // As much of pysaml2 as Synapse asks when it reads its settings, and a mapping of its people.
  'saml2/__init__.py': 'BINDING_HTTP_POST = "post"\n',
  'saml2/config.py': 'class SPConfig:\n    def load(self, settings):\n        pass\n',
  'story_saml.py': `class Mapping:
    @staticmethod
    def parse_config(config):
        return config

    @staticmethod
    def get_saml_attributes(config):
        return set(), set()

    def saml_response_to_user_attributes(self, *args):
        return {}

    def get_remote_user_id(self, *args):
        return ""
`,
  ...Object.fromEntries(
    ['pysaml2', 'lxml-stubs', 'defusedxml', 'pytz'].map((name) => [
      `${name.replace('-', '_')}-9999.0.dist-info/METADATA`,
      `Metadata-Version: 2.1\nName: ${name}\nVersion: 9999.0\n`,
    ]),
  ),
}

/** Writes Python that stands in for modules which settings of Synapse name and which nobody installs for a test. */
export const writeStandInModules = async (folder: string): Promise<void> => {
  for (const [name, text] of Object.entries(MODULES)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
}
