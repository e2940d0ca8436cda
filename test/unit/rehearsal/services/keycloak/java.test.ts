import { describe, expect, it } from 'vitest'
import { readJavaVersion } from '../../../../../src/rehearsal/services/keycloak/java.ts'

describe('the version of Java', () => {
  it.each([
    ['openjdk version "17.0.15" 2025-04-15', 17],
    ['openjdk version "25" 2025-09-16 LTS', 25],
    ['openjdk version "21-ea" 2023-09-19', 21],
    ['java version "1.8.0_411"', 8],
    ['Error: no such file', undefined],
  ])('of %s is %s', (said, version) => {
    expect(readJavaVersion(said)).toBe(version)
  })
})
