import { describe, expect, it } from 'vitest'
import { countLooks } from '../../../../src/migration/slow-road/count-looks.ts'

const counting = (total: number) => {
  const told: string[] = []
  const count = countLooks(total, { advance: (work, done, all) => told.push(`${work} ${done}/${all}`) })
  return { told, count }
}

describe('how far looking at everybody has come', () => {
  it('is told of each account where the target tells of each, over batches at the same time', () => {
    const { told, count } = counting(6)
    const [one, other] = [count.batch(3), count.batch(3)]
    one.looked(1)
    other.looked(2)
    one.ended()
    expect(told).toEqual(['accounts 1/6', 'accounts 3/6', 'accounts 5/6'])
  })

  it('is told of each batch where the target tells of none', () => {
    const { told, count } = counting(500)
    count.batch(200).ended()
    count.batch(200).ended()
    expect(told).toEqual(['accounts 200/500', 'accounts 400/500'])
  })

  it('counts nobody twice of a batch that had to be tried again', () => {
    const { told, count } = counting(3)
    const batch = count.batch(3)
    for (let time = 0; time < 5; time++) batch.looked(1)
    batch.ended()
    expect(told.at(-1)).toBe('accounts 3/3')
  })
})
