import pLimit from 'p-limit'

/** A piece of a load: it starts once everything it waits for has ended and its lane has room. */
export interface Task {
  readonly name: string
  readonly lane: string
  /** Names of tasks that stand before it in the list. */
  readonly after: readonly string[]
  readonly work: () => Promise<void>
}

/** How many tasks of each lane may be under way at once; 1 where nothing is said. */
export type Lanes = Readonly<Record<string, number>>

export interface ScheduleOptions {
  readonly lanes: Lanes
  /** Told after each start and end: the names of what is under way. */
  readonly onChange?: (running: readonly string[]) => void
}

/**
 * Runs tasks in the order given, as far as their dependencies and lanes allow. After the first failure nothing new
 * starts; what is under way is awaited, so that the caller finds every connection idle.
 * @throws the first failure.
 */
export const schedule = async (tasks: readonly Task[], { lanes, onChange }: ScheduleOptions): Promise<void> => {
  const limits = new Map(tasks.map(({ lane }) => [lane, pLimit(lanes[lane] ?? 1)]))
  const results = new Map<string, Promise<void>>()
  const running = new Set<string>()
  const failures: unknown[] = []

  const perform = async ({ name, work }: Task): Promise<void> => {
    if (failures.length > 0) return
    running.add(name)
    onChange?.([...running])
    try {
      await work()
    } catch (error) {
      failures.push(error)
    } finally {
      running.delete(name)
      onChange?.([...running])
    }
  }

  requireOrder(tasks)
  for (const task of tasks) {
    const before = Promise.all(task.after.map(async (name) => results.get(name)))
    results.set(
      task.name,
      before.then(() => limits.get(task.lane)?.(() => perform(task))),
    )
  }
  await Promise.all(results.values())
  if (failures.length > 0) throw failures[0]
}

/** So that no task can wait for itself, by however many others. */
const requireOrder = (tasks: readonly Task[]): void => {
  const seen = new Set<string>()
  for (const { name, after } of tasks) {
    const missing = after.find((other) => !seen.has(other))
    if (missing !== undefined) throw new TypeError(`${name} waits for ${missing}, which does not stand before it`)
    seen.add(name)
  }
}
