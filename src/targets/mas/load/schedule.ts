/** A piece of a load: it starts once everything it waits for has ended and its lane has room. */
export interface Task {
  readonly name: string
  readonly lane: string
  readonly after: readonly string[]
  readonly work: () => Promise<void>
}

/** How many tasks of each lane may be under way at once. */
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
  const waiting = new Set(tasks)
  const done = new Set<string>()
  const running = new Map<string, Promise<void>>()
  const busy = new Map<string, number>()
  const failures: unknown[] = []

  const start = (task: Task): void => {
    waiting.delete(task)
    busy.set(task.lane, (busy.get(task.lane) ?? 0) + 1)
    running.set(
      task.name,
      task
        .work()
        .then(() => done.add(task.name))
        .catch((error: unknown) => failures.push(error))
        .then(() => {
          running.delete(task.name)
          busy.set(task.lane, (busy.get(task.lane) ?? 1) - 1)
        }),
    )
  }

  for (;;) {
    for (const task of failures.length === 0 ? [...waiting] : []) {
      const hasRoom = (busy.get(task.lane) ?? 0) < (lanes[task.lane] ?? 1)
      if (hasRoom && task.after.every((name) => done.has(name))) start(task)
    }
    onChange?.([...running.keys()])
    if (running.size === 0) break
    await Promise.race(running.values())
  }
  if (failures.length > 0) throw failures[0]
  if (waiting.size > 0)
    throw new TypeError(`tasks wait for each other: ${[...waiting].map(({ name }) => name).join(', ')}`)
}
