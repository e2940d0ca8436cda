import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { masDdl } from '../../../src/targets/mas/database/schema.ts'
import { docker } from '../images/docker.ts'
import type { SharedEngine } from '../shared-engine.ts'

/** Knows three commands of mas-cli: it makes our own tables of MAS, has nothing to sync, and serves a health check. */
const ENTRY_POINT = `#!/usr/bin/python3
import functools, http.server, os, re, subprocess, sys

words = sys.argv[1:]
if words == ['--version']:
    print('mas-cli 0.0.0-acting')
    sys.exit()

path = words[words.index('--config') + 1]
if os.stat(path).st_mode & 0o077:
    sys.exit('others may read ' + path)
text = open(path).read()
section = lambda name: dict(re.findall(r'^  (\\w+): "?([^"\\n]*)"?$', re.split(r'^(?=\\w)', text.split('\\n' + name + ':\\n')[1], flags=re.M)[0], re.M))
place = section('database')
environment = {'PGPASSWORD': place['password']}
sql = lambda *what: subprocess.run(['/usr/lib/postgresql/15/bin/psql', '-q', '-v', 'ON_ERROR_STOP=1', '-h', place['host'], '-p', place['port'], '-U', place['username'], '-d', place['database'], *what], env=environment, check=True)

if words[:2] == ['database', 'migrate']:
    sql('-f', '/schema.sql')
elif words[:2] == ['config', 'sync']:
    sql('-c', 'select 1')
elif words[0] == 'server':
    port = int(re.search(r'address: 127.0.0.1:(\\d+)', text).group(1))
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory='/served')
    server = http.server.HTTPServer(('127.0.0.1', port), handler)
    print('Listening on', port, flush=True)
    server.serve_forever()
else:
    sys.exit('unknown command')
`

/** An image whose entry point acts as mas-cli, and is none. Its name goes with the engine. */
export const actingMasImage = async (engine: SharedEngine): Promise<string> => {
  const image = 'syn2op-test-acting-mas:1'
  const from = await engine.image('postgres')
  const folder = await mkdtemp(join(tmpdir(), 'syn2op-acting-mas-'))
  try {
    await writeFile(join(folder, 'mas-cli'), ENTRY_POINT, { mode: 0o755 })
    await writeFile(join(folder, 'schema.sql'), `${masDdl().join(';\n')};\n`, { mode: 0o644 })
    await writeFile(join(folder, 'health'), '', { mode: 0o644 })
    const lines = [
      `FROM ${from}`,
      'COPY mas-cli /mas-cli',
      'COPY schema.sql /schema.sql',
      'COPY health /served/health',
      // As MAS's own: another user than root, who could not read what is copied into it for root alone.
      'USER 65534',
      'ENTRYPOINT ["/mas-cli"]',
      '',
    ]
    await writeFile(join(folder, 'Dockerfile'), lines.join('\n'))
    await docker(engine.variables['DOCKER_HOST'], 'build', '--quiet', '--tag', image, folder)
    return image
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
