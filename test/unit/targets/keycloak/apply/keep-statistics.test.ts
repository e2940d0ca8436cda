import { describe, expect, it } from 'vitest'
import { keepStatistics } from '../../../../../src/targets/keycloak/apply/keep-statistics.ts'

describe('the statistics of a realm that is filled', () => {
  const fill = async (before: number, batches: number): Promise<readonly number[]> => {
    const refreshed: number[] = []
    let made = 0
    const statistics = keepStatistics(
      async () => before,
      async () => void refreshed.push(made),
    )
    for (let batch = 0; batch < batches; batch++) {
      made += 300
      await statistics.made(300)
    }
    return refreshed
  }

  it('are refreshed when there are 2,000 and 20,000 users, and not again', async () => {
    expect(await fill(0, 100)).toEqual([2100, 20_100])
  })

  it('are refreshed at the begin where people are already, who may be unknown to the database, and then left to it', async () => {
    expect(await fill(30_000, 20)).toEqual([300])
    expect(await fill(1500, 20)).toEqual([300, 600])
  })

  it('stop nobody when they cannot be refreshed', async () => {
    const statistics = keepStatistics(
      async () => 0,
      () => Promise.reject(new Error('no database')),
    )
    await expect(statistics.made(5000)).resolves.toBeUndefined()
  })
})
