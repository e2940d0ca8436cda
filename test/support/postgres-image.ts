import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The image that `postgresImage` makes. */
export const TEST_IMAGE = 'syn2op-test-postgres:bookworm'

const ARCHIVE = resolve('.cache/postgres-image/bookworm.tar.gz')

/** Does what the entry point of Docker's official image does with POSTGRES_PASSWORD, and no more. */
const ENTRY_POINT = `#!/bin/bash
set -euo pipefail
data=/var/lib/postgresql/data
bin=$(echo /usr/lib/postgresql/*/bin)
if [ "$(id -u)" = 0 ]; then
  install -d -o postgres -g postgres -m 700 "$data"
  exec setpriv --reuid=postgres --regid=postgres --clear-groups "$0" "$@"
fi
if [ ! -s "$data/PG_VERSION" ]; then
  "$bin/initdb" --pgdata="$data" --username=postgres --auth=scram-sha-256 --pwfile=<(echo "$POSTGRES_PASSWORD") --encoding=UTF8 --no-locale --no-sync
  echo 'host all all all scram-sha-256' >> "$data/pg_hba.conf"
fi
shift
exec "$bin/postgres" -D "$data" -c listen_addresses='*' "$@"
`

/** What a Debian system without any network of its own needs to become the image: half a minute once, then cached. */
const makeArchive = async (): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'syn2op-image-'))
  try {
    const root = join(folder, 'root')
    await run('debootstrap', ['--variant=minbase', '--include=postgresql', 'bookworm', root], {
      maxBuffer: 64 * 1024 * 1024,
    })
    const entryPoint = join(root, 'entry-point.sh')
    await writeFile(entryPoint, ENTRY_POINT)
    await chmod(entryPoint, 0o755)
    const archive = join(folder, 'image.tar.gz')
    const left = [
      './var/cache/apt',
      './var/lib/apt/lists',
      './usr/share/doc',
      './usr/share/locale',
      './usr/share/man',
      './dev',
    ]
    await run('tar', ['-C', root, ...left.map((path) => `--exclude=${path}`), '-I', 'gzip -1', '-cf', archive, '.'])
    await mkdir(join(ARCHIVE, '..'), { recursive: true })
    const beside = `${ARCHIVE}.${process.pid}`
    await run('cp', [archive, beside])
    await rename(beside, ARCHIVE)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

/** docker's own client; HOME must be set for it. */
const docker = (...args: readonly string[]) =>
  run('docker', [...args], { env: { ...process.env, HOME: homedir() }, maxBuffer: 64 * 1024 * 1024 })

/**
 * Makes an image with PostgreSQL from Debian's packages, since images cannot be pulled everywhere, and gives it to the
 * running engine. Like the official one it takes POSTGRES_PASSWORD and arguments that begin with `postgres`; unlike it,
 * it has no health check.
 * @returns the image's name
 */
export const postgresImage = async (): Promise<string> => {
  const present = await docker('image', 'inspect', TEST_IMAGE).then(
    () => true,
    () => false,
  )
  if (present) return TEST_IMAGE
  if (!(await exists(ARCHIVE))) await makeArchive()
  await docker(
    'import',
    '--change',
    'ENTRYPOINT ["/entry-point.sh"]',
    '--change',
    'CMD ["postgres"]',
    ARCHIVE,
    TEST_IMAGE,
  )
  return TEST_IMAGE
}
