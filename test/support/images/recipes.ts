import { execFile } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { ImageService } from '../../../src/rehearsal/services/containers/images.ts'
import { publishedDistribution } from '../keycloak/distribution.ts'
import { installSynapse, requirementsOf } from '../synapse/install.ts'
import type { ImageRecipe } from './image-recipe.ts'

const run = promisify(execFile)

/** Packs what a folder has, under another path. */
const pack = async (folder: string, under: string, archive: string, ...options: readonly string[]): Promise<void> => {
  const renamed = `s,^${basename(folder)},${under},`
  await run('tar', ['-C', dirname(folder), '--transform', renamed, ...options, '-cf', archive, basename(folder)])
}

/** Like the official one it takes POSTGRES_PASSWORD and arguments that begin with `postgres`; it has no health check. */
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

/** Like the official one it is not built yet: `start-dev` builds it, with what was put into /opt/keycloak/providers. */
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

/** Of the mas-cli that SYN2OP_TEST_MAS_CLI names: there is no other. */
const mas = async (): Promise<ImageRecipe> => {
  const program = process.env['SYN2OP_TEST_MAS_CLI']
  if (program === undefined) throw new Error('An image of MAS is made of the mas-cli in SYN2OP_TEST_MAS_CLI')
  const { size, mtimeMs } = await stat(program)
  return {
    service: 'mas',
    holds: `${size} ${mtimeMs}`,
    files: [],
    content: async (archive) => {
      const named = ['--dereference', '--owner=0', '--group=0', '--mode=755']
      await pack(program, 'usr/local/bin/mas-cli', archive, ...named)
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
