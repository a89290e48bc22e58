import { type ChildProcess, fork } from 'node:child_process'
import { z } from 'zod'
import type { Task } from './picture-work.ts'

const answer = z.union([
  z.object({ made: z.unknown() }),
  z.object({ refused: z.string() }),
  z.object({ failed: z.string() }),
])

export type Result = z.infer<typeof answer>

/** The process ended or took too long over a picture, so there is no result. */
export class NoResult extends Error {
  /** @param byPicture whether the picture is the likely reason, not the machine */
  constructor(
    message: string,
    readonly byPicture: boolean,
  ) {
    super(message)
  }
}

/**
 * What a picture does to libvips. When the process was killed, as the machine had no memory left, or never came up,
 * another picture would have fared the same.
 */
const crashes = new Set<NodeJS.Signals | null>(['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGILL', 'SIGFPE'])

/** Has glibc give memory back after each picture, of which libvips takes much on several threads. */
const frugal = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '65536',
  MALLOC_TRIM_THRESHOLD_: '131072',
}

type Job = {
  task: Task
  longestMs: number
  resolve: (result: Result) => void
  reject: (error: Error) => void
}

type Options = {
  /** The program to start. */
  file: string
  /** How long it stays without work: its memory goes back with it. */
  idleMs?: number
  /** How many tasks may wait. */
  most?: number
}

/**
 * One process for libvips, started when there is a picture to work on. It takes one picture at a time, so that it is
 * clear which one it fails over; the next picture gets a new process.
 */
export class PictureProcess {
  private child: ChildProcess | undefined
  private current: Job | undefined
  private readonly waiting: Job[] = []
  private limit: NodeJS.Timeout | undefined
  private idle: NodeJS.Timeout | undefined

  constructor(private readonly options: Options) {}

  /** @throws NoResult when the process fails over the task, or too many wait already */
  run(task: Task, longestMs: number): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (this.waiting.length >= (this.options.most ?? 200)) {
        reject(new NoResult('Too many pictures wait.', false))
        return
      }
      this.waiting.push({ task, longestMs, resolve, reject })
      this.next()
    })
  }

  /** Lets the process go; what is under way or waits fails. */
  end(): void {
    const over = new NoResult('Pictures are no longer worked on.', false)
    for (const { reject } of this.waiting.splice(0)) reject(over)
    this.abandon(over)
    clearTimeout(this.idle)
  }

  private next(): void {
    if (this.current) return
    clearTimeout(this.idle)
    this.current = this.waiting.shift()
    const job = this.current
    if (!job) {
      this.idle = setTimeout(() => this.release(), this.options.idleMs ?? 5000)
      return
    }
    this.child ??= this.start()
    const { child } = this
    this.limit = setTimeout(
      () => this.abandon(new NoResult('It took too long.', true)),
      job.longestMs,
    )
    child.send(job.task, (error) => {
      // Where the process has ended already, its exit says why.
      if (error) child.kill('SIGKILL')
    })
  }

  private start(): ChildProcess {
    const child = fork(this.options.file, {
      serialization: 'advanced',
      execArgv: ['--max-old-space-size=256', '--max-semi-space-size=2'],
      env: { ...process.env, ...frugal },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    const failed = (error: NoResult) => {
      if (this.child === child) this.abandon(error)
    }
    child.on('message', (message) => {
      if (this.child !== child || !this.current) return
      const { resolve } = this.current
      this.done()
      resolve(answer.parse(message))
    })
    child.on('error', (error) => failed(new NoResult(error.message, false)))
    child.on('exit', (code, signal) => {
      failed(new NoResult(`The process ended with ${signal ?? code}.`, crashes.has(signal)))
    })
    return child
  }

  /** Ends the process whatever it is doing; the picture it was working on fails, the others get a new process. */
  private abandon(error: NoResult): void {
    const { child, current } = this
    this.child = undefined
    child?.kill('SIGKILL')
    this.done()
    current?.reject(error)
  }

  private done(): void {
    clearTimeout(this.limit)
    this.current = undefined
    this.next()
  }

  private release(): void {
    const { child } = this
    this.child = undefined
    if (child?.connected) child.disconnect()
  }
}
