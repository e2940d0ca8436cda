import { finishedLine, logLine, phaseLine, worksLine } from './progress-lines.ts'
import type { ProgressFigures } from './progress-state.ts'
import { wrap } from './text.ts'

/** How progress is shown. It looks at the figures when it wants to draw. */
export interface ProgressView {
  started(): void
  finished(last: ProgressFigures): void
  note(line: string): void
  stop(): void
}

interface ViewOptions {
  readonly stream: NodeJS.WritableStream
  readonly look: () => ProgressFigures | undefined
}

const LOG_INTERVAL = 5000

/** ECMA-48 "erase in line": a note is written over a bar, which may be the longer one. */
const CLEAR_RIGHT = '\u001b[K'

/** For files and pipes: a line when a phase begins, every five seconds, and when it ends. */
export const createLogView = ({ stream, look }: ViewOptions): ProgressView => {
  const say = (line: string) => void stream.write(`${line}\n`)
  const sayFigures = () => {
    const now = look()
    if (now !== undefined) say(logLine(now))
  }
  const timer = setInterval(sayFigures, LOG_INTERVAL)
  timer.unref()
  return {
    started: () => {
      const now = look()
      if (now !== undefined) say(now.phase)
    },
    finished: (last) => say(finishedLine(last)),
    note: say,
    stop: () => clearInterval(timer),
  }
}

/** For terminals: two lines that stay at the bottom, what is over scrolls above them. */
export const createBarView = async ({
  stream,
  columns,
  look,
}: ViewOptions & { readonly columns: number }): Promise<ProgressView> => {
  // Loaded here, so that commands without progress do not pay for it.
  const { default: cliProgress } = await import('cli-progress')
  const bars = new cliProgress.MultiBar({
    stream,
    clearOnComplete: true,
    // The cursor stays and lines may wrap: a process that dies leaves nothing to repair.
    hideCursor: false,
    linewrap: true,
    forceRedraw: true,
    gracefulExit: false,
    fps: 5,
    format: (_options, _params, payload: { readonly line: () => string }) => payload.line(),
  })
  const draw = (line: (now: ProgressFigures, width: number) => string) => () => {
    const now = look()
    // A full line would move the cursor to the next one.
    return now === undefined ? '' : line(now, columns - 1)
  }
  const lines = [phaseLine, worksLine].map((line) => draw(line))
  // Works before the first phase and after stop, when no bar is on the screen.
  let drawing = false
  const say = (line: string) => {
    for (const part of wrap(line, columns - 1))
      if (drawing) bars.log(`${part}${CLEAR_RIGHT}\n`)
      else stream.write(`${part}\n`)
  }
  return {
    started: () => {
      if (drawing) return
      drawing = true
      for (const line of lines) bars.create(1, 0, { line })
    },
    finished: (last) => say(finishedLine(last)),
    note: say,
    stop: () => {
      if (!drawing) return
      drawing = false
      // The library draws what it was told to log only with a picture; the last lines would be lost.
      bars.update()
      bars.stop()
    },
  }
}
