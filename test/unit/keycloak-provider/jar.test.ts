import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { readProviderJar } from '../../../src/targets/keycloak/provider/provider-jar.ts'
import { zipEntries } from './zip-entries.ts'

const { bytes, version, sha256 } = await readProviderJar()
const entries = zipEntries(bytes)
const textOf = (name: string): string | undefined =>
  entries.find((entry) => entry.name === name)?.bytes.toString('utf8')
const SERVICE = 'META-INF/services/org.keycloak.credential.hash.PasswordHashProviderFactory'
const CLASSES = ['OperationalInfo', 'SynapseBcrypt', 'SynapseBcryptFactory', 'SynapseRule']

describe('the jar for Keycloak', () => {
  it('holds our few classes, and nothing of anybody else', () => {
    const classes = CLASSES.map((name) => `syn2op/keycloak/${name}.class`)
    expect(entries.map(({ name }) => name).toSorted()).toEqual(['META-INF/MANIFEST.MF', SERVICE, ...classes].toSorted())
  })

  it('runs on Java 17, the oldest that Keycloak 26 runs on', () => {
    const classes = entries.filter(({ name }) => name.endsWith('.class'))
    expect(classes.map((entry) => entry.bytes.readUInt32BE(0).toString(16))).toEqual(CLASSES.map(() => 'cafebabe'))
    expect(classes.map((entry) => entry.bytes.readUInt16BE(6))).toEqual(CLASSES.map(() => 61))
  })

  it('is found by Keycloak as a provider of password hashes', () => {
    expect(textOf(SERVICE)).toBe('syn2op.keycloak.SynapseBcryptFactory\n')
  })

  it('says its version, and nothing of the machine that built it', () => {
    expect(textOf('META-INF/MANIFEST.MF')).toBe(
      `Manifest-Version: 1.0\r\nImplementation-Title: synapse-bcrypt\r\nImplementation-Version: ${version}\r\n\r\n`,
    )
    expect(version).toMatch(/^\d+\.\d+\.\d+$/u)
  })

  it('is known by its digest', () => {
    expect(sha256).toBe(createHash('sha256').update(bytes).digest('hex'))
  })
})
