import { describe, expect, it, vi } from 'vitest'
import { masEnd } from '../../../src/rehearsal/ends/mas/mas-end.ts'
import { imagesOf } from '../../../src/rehearsal/services/containers/images.ts'
import { whyNoEngine } from '../../support/container-engine.ts'
import { docker } from '../../support/images/docker.ts'
import { testPostgres } from '../../support/postgres.ts'
import { actingMasImage } from '../../support/rehearsal/acting-mas-image.ts'
import { throwAwayContext } from '../../support/rehearsal/throw-away-context.ts'
import { sharedEngine } from '../../support/shared-engine.ts'
import { soundHomeserver } from '../../support/sound-mas.ts'

const missing = whyNoEngine()

describe.skipIf(missing !== undefined)(
  `a MAS that is thrown away, in containers${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    it('makes its tables and answers by its image, on this machine’s network, and leaves no container', async () => {
      const engine = await sharedEngine()
      const image = await actingMasImage(engine)
      const context = await throwAwayContext(new AbortController().signal, { 'syn2op.rehearsal': 'mas-in-container' })
      const createDatabase = (database: string) =>
        testPostgres().createDatabase(`mas_in_container_${database}`, { encoding: 'UTF8' })
      const target = await masEnd({
        postgres: { createDatabase },
        homeserver: { ...soundHomeserver, providers: [] },
        images: imagesOf({ given: [`mas=${image}`], pull: 'never' }),
        wanted: 'containers',
        readers: 2,
        context,
      })
      expect(target.services).toEqual([`container ${image}`])
      expect(target.unproved).toEqual([])
      const tables = await testPostgres().execute('mas_in_container_mas', 'SELECT count(*) FROM compat_sessions')
      expect(tables).toEqual([{ count: '0' }])

      const ends = await target.startProofs?.(context)
      const health = await fetch(new URL('health', ends?.loginUrl))
      expect(health.status).toBe(200)
      const mine = ['ps', '-a', '--filter', 'label=syn2op.rehearsal=mas-in-container', '--format', '{{.Image}}']
      const containers = () => docker(engine.variables['DOCKER_HOST'], ...mine)
      expect(await containers()).toBe(image)
      await ends?.stop()
      await target.stop()
      expect(await containers()).toBe('')
      expect(context.belongings).toEqual([])
      vi.unstubAllEnvs()
    }, 300_000)
  },
)
