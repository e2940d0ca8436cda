import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { stoppable } from '../../../../src/targets/mas/load/stoppable.ts'
import { testPostgres } from '../../../support/postgres.ts'

const postgres = testPostgres()

it('ends a statement that begins only after it was asked to stop, and waits for somebody’s lock', async () => {
  const [worker, holder] = [await postgres.superuser('postgres'), await postgres.superuser('postgres')]
  onTestFinished(() => worker.end())
  onTestFinished(() => holder.end())
  await holder.query('SELECT pg_advisory_lock(8214771)')
  const stop = new AbortController()
  const work = stoppable(worker, stop.signal, async () => {
    stop.abort()
    // The cancel request finds a session that does nothing.
    await sleep(300)
    await worker.query('SELECT pg_advisory_lock(8214771)')
  })
  await expect(work).rejects.toMatchObject({ code: '57014' })
})
