import { execFile } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { ImageService } from '../../../src/rehearsal/services/containers/images.ts'
import { publishedDistribution } from '../keycloak/distribution.ts'
import { findMas, requireMas } from '../mas/installed-mas.ts'
import { installSynapse, requirementsOf } from '../synapse/install.ts'
import type { ImageRecipe } from './image-recipe.ts'

const run = promisify(execFile)

/** Packs a file, or a folder and what it has, under another path. */
const pack = async (what: string, under: string, archive: string, ...options: readonly string[]): Promise<void> => {
  const [found, renamed] = [basename(what), `s,^${basename(what)},${under},`]
  const how = options.includes('--append') ? [] : ['--create']
  await run('tar', [...how, ...options, '-C', dirname(what), '--transform', renamed, '-f', archive, found])
}

/** Like the official one it takes POSTGRES_PASSWORD_FILE, which it reads as root, and arguments that begin with `postgres`; it has no health check. */
const postgres = async (): Promise<ImageRecipe> => ({
  service: 'postgres',
  holds: '15',
  files: ['postgres-entry-point'],
  dockerfile: [
    'COPY postgres-entry-point /entry-point.sh',
    'EXPOSE 5432',
    'ENTRYPOINT ["/entry-point.sh"]',
    'CMD ["postgres"]',
  ],
})

/**
 * Like the official one it is not built yet: `start-dev` builds it, with what was put into /opt/keycloak/providers. Compiled
 * less it starts in half the time.
 */
const keycloak = async (): Promise<ImageRecipe> => {
  const folder = await publishedDistribution()
  return {
    service: 'keycloak',
    holds: basename(folder),
    files: [],
    content: (archive) => pack(folder, 'opt/keycloak', archive, '--owner=1000', '--group=0', '--mode=u+rwX,g=u'),
    dockerfile: [
      'ADD content.tar /',
      'ENV JAVA_HOME=/usr/lib/jvm/default KC_RUN_IN_CONTAINER=true LANG=C.UTF-8',
      'ENV JAVA_OPTS_APPEND=-XX:TieredStopAtLevel=1',
      'USER 1000',
      'EXPOSE 8080 8443 9000',
      'ENTRYPOINT ["/opt/keycloak/bin/kc.sh"]',
    ],
  }
}

const SYNAPSE = '1.163.2'

/** Like the official one it runs on a configuration that is put into it; it cannot make one. */
const synapse = async (): Promise<ImageRecipe> => ({
  service: 'synapse',
  holds: requirementsOf(SYNAPSE).join(' '),
  files: ['synapse-start.py'],
  content: async (archive) => {
    const { python } = await installSynapse(SYNAPSE)
    const { stdout } = await run(python, ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))'])
    const left = ['--exclude=*/pip', '--owner=0', '--group=0']
    await pack(stdout.trim(), 'usr/local/lib/python3.11/dist-packages', archive, ...left)
  },
  dockerfile: [
    'ADD content.tar /',
    'COPY synapse-start.py /start.py',
    'EXPOSE 8008 8009 8448',
    'ENTRYPOINT ["/start.py"]',
  ],
})

/** Of the MAS that SYN2OP_TEST_MAS_CLI and SYN2OP_TEST_MAS_SHARE name: there is no other. */
const mas = async (): Promise<ImageRecipe> => {
  const { cli, share } = requireMas(findMas())
  const { size, mtimeMs } = await stat(cli)
  return {
    service: 'mas',
    holds: `${size} ${mtimeMs}`,
    files: [],
    content: async (archive) => {
      await pack(share, 'usr/local/share/mas-cli', archive, '--owner=0', '--group=0')
      await pack(cli, 'usr/local/bin/mas-cli', archive, '--append', '--owner=0', '--group=0', '--mode=755')
    },
    dockerfile: ['ADD content.tar /', 'EXPOSE 8080', 'ENTRYPOINT ["/usr/local/bin/mas-cli"]'],
  }
}

const RECIPES: Readonly<Record<ImageService, () => Promise<ImageRecipe>>> = { postgres, keycloak, synapse, mas }

export const recipeOf = (service: ImageService): Promise<ImageRecipe> => RECIPES[service]()

const HERE = import.meta.dirname

/** All that an image is made of but its content, as one text. */
export const wholeRecipe = async ({ holds, dockerfile, files }: ImageRecipe): Promise<string> => {
  const texts = await Promise.all(files.map((file) => readFile(join(HERE, file), 'utf8')))
  return [holds, ...dockerfile, ...texts].join('\n')
}
