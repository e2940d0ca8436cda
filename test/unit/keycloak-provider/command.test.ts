import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { keycloakProviderSchema } from '../../../src/report/schema/keycloak-provider.ts'
import { readProviderJar } from '../../../src/targets/keycloak/provider/provider-jar.ts'
import { type ProgramResult, runProgram } from '../../support/run-program.ts'

const jar = await readProviderJar()
const NAME = 'synapse-bcrypt.jar'

describe('syn2op keycloak provider', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'syn2op-provider-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  const providerTo = (out: string, ...flags: readonly string[]): Promise<ProgramResult> =>
    runProgram(['keycloak', 'provider', '--out', out, ...flags], { folder })
  const documentOf = ({ stdout }: ProgramResult): unknown => keycloakProviderSchema.strict().parse(JSON.parse(stdout))

  it('writes the jar, which every user of the machine may read, and nothing else', async () => {
    const { code, stderr } = await providerTo('keycloak/providers')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const out = join(folder, 'keycloak', 'providers')
    expect(await readdir(out)).toEqual([NAME])
    expect((await readFile(join(out, NAME))).equals(jar.bytes)).toBe(true)
    expect((await stat(join(out, NAME))).mode & 0o777).toBe(0o644)
  })

  it('says what it wrote, and what is left to do', async () => {
    const { stdout } = await providerTo('keycloak/providers')
    expect(stdout).toContain(`Wrote ${join(folder, 'keycloak', 'providers', NAME)}`)
    const inOneLine = stdout.replaceAll(/\s+/gu, ' ')
    for (const said of [
      `Version ${jar.version}`,
      `SHA-256 ${jar.sha256}`,
      'password_config.pepper',
      'a line spi-password-hashing--synapse-bcrypt--pepper=… in conf/keycloak.conf',
      'bin/kc.sh build',
      'syn2op check --target keycloak',
    ])
      expect(inOneLine).toContain(said)
    expect(inOneLine).not.toContain('Copy the file')
  })

  it('says where to copy it from another folder', async () => {
    expect((await providerTo('.')).stdout).toContain("Copy the file into Keycloak's folder providers/")
  })

  it('prints a document of its schema with --json', async () => {
    const document = documentOf(await providerTo('.', '--json'))
    expect(document).toMatchObject({ outcome: 'written', sha256: jar.sha256, bytes: jar.bytes.length })
  })

  it('leaves the same jar as it is', async () => {
    await providerTo('.')
    const before = await stat(join(folder, NAME))
    expect(documentOf(await providerTo('.', '--json'))).toMatchObject({ outcome: 'unchanged' })
    expect((await stat(join(folder, NAME))).ino).toBe(before.ino)
  })

  it('replaces another file only with --yes where it cannot ask', async () => {
    await writeFile(join(folder, NAME), 'of somebody else')
    const refused = await providerTo('.')
    expect(refused.code).toBe(64)
    expect(refused.stderr).toContain('(usage.confirmation-needed)')
    expect(await readFile(join(folder, NAME), 'utf8')).toBe('of somebody else')
    expect(documentOf(await providerTo('.', '--json', '--yes'))).toMatchObject({ outcome: 'replaced' })
    expect((await readFile(join(folder, NAME))).equals(jar.bytes)).toBe(true)
    expect(await readdir(folder)).toEqual([NAME])
  })

  it.each([
    ['a file in the place of the folder', 'file', 'the folder is a file'],
    ['a folder in the place of the jar', 'taken', 'it is a folder'],
  ])('refuses %s', async (_, out, why) => {
    await writeFile(join(folder, 'file'), '')
    await mkdir(join(folder, 'taken', NAME), { recursive: true })
    const { code, stderr } = await providerTo(out)
    expect(code).toBe(64)
    expect(stderr).toContain(`The provider cannot be written into ${join(folder, out)}: ${why} (usage)`)
  })
})
