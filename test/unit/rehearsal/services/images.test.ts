import { describe, expect, it } from 'vitest'
import { IMAGE_SERVICES, imagesOf } from '../../../../src/rehearsal/services/containers/images.ts'

describe('the images of a rehearsal', () => {
  it('are the usual ones, each of a named version', () => {
    const images = imagesOf({ given: [], pull: 'missing' })
    for (const service of IMAGE_SERVICES.filter((each) => each !== 'mas')) {
      expect(images.of(service)).toMatch(/:v?\d/u)
    }
    expect(images.of('postgres')).toBe('postgres:17-alpine')
  })

  it('of MAS is one that somebody names', () => {
    expect(() => imagesOf({ given: [], pull: 'missing' }).of('mas')).toThrow(
      expect.objectContaining({
        code: 'rehearsal.no-backend',
        next: [expect.stringContaining('--image mas=IMAGE')],
      }) as Error,
    )
    expect(imagesOf({ given: [], registry: 'images.example', pull: 'missing' }).of('mas')).toMatch(
      /^images\.example\/.+:\d/u,
    )
  })

  it('come from a registry that mirrors them', () => {
    const images = imagesOf({ given: [], registry: 'images.corp.example:5000/mirror/', pull: 'missing' })
    expect(images.of('postgres')).toBe('images.corp.example:5000/mirror/postgres:17-alpine')
    expect(images.of('keycloak')).toMatch(/^images\.corp\.example:5000\/mirror\/keycloak\/keycloak:/u)
  })

  it('are those that were given, as they are', () => {
    const given = ['db.example/pg@sha256:0123', 'keycloak=own/keycloak:1']
    const images = imagesOf({ given, registry: 'images.corp.example', pull: 'never' })
    expect(images.of('postgres')).toBe('db.example/pg@sha256:0123')
    expect(images.of('keycloak')).toBe('own/keycloak:1')
    expect(images.of('synapse')).toMatch(/^images\.corp\.example\//u)
    expect(images.pull).toBe('never')
    expect(IMAGE_SERVICES.filter((service) => images.names(service))).toEqual(['postgres', 'keycloak'])
  })

  it.each([
    ['of no service of ours', ['keycloack=a:1'], 'Did you mean keycloak=a:1?'],
    ['of an object’s own word', ['constructor=a:1'], 'Services: postgres, keycloak, mas, synapse'],
    ['without an image', ['mas='], 'For example'],
    ['with two for one', ['a:1', 'postgres=b:1'], undefined],
  ])('are refused %s', (_, given, hint) => {
    const next = hint === undefined ? {} : { next: expect.arrayContaining([expect.stringContaining(hint)]) as unknown }
    expect(() => imagesOf({ given, pull: 'missing' })).toThrow(
      expect.objectContaining({ code: 'usage', ...next }) as Error,
    )
  })
})
