import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { CourseError, oneOf } from './errors.ts'
import { checkZip, readZip } from './folder/zip.ts'
import type { ReportLine } from './report.ts'
import { type CourseSource, courseSource } from './source.ts'

/** What the reader process writes. */
const readerAnswer = z.union([
  z.object({
    course: courseSource,
    report: z.array(
      z.object({
        file: z.string(),
        line: z.number(),
        element: z.string(),
        outcome: z.enum(['exact', 'approximated', 'dropped']),
        why: z.string(),
        count: z.number(),
      }),
    ),
  }),
  z.object({
    /** The first, and what else is wrong. */
    refused: z
      .array(
        z.object({ file: z.string(), line: z.number(), problem: z.string(), mend: z.string() }),
      )
      .min(1),
  }),
])

/** The built reader lies beside the built server; run from source there is none. */
const reader = join(import.meta.dirname, 'course-reader.js')
const longestMs = 120_000

/**
 * Reads a zip of a course folder in a process of its own: the grammars of all the languages it highlights, and whatever
 * a hostile archive makes of memory and time, go away with that process, and requests are answered meanwhile.
 * @throws CourseError as `readCourse`
 */
export async function readCourseApart(
  zip: Uint8Array,
): Promise<{ course: CourseSource; report: ReportLine[] }> {
  if (!existsSync(reader)) return await readCourseHere(zip)
  // Starting a process is dear: what a look at its size refuses gets none.
  await checkZip(zip)
  const answer = readerAnswer.parse(JSON.parse(await run(zip)))
  if ('course' in answer) return answer
  const errors = answer.refused.map(
    ({ problem, mend, ...at }) => new CourseError(at, problem, mend),
  )
  throw oneOf(errors) ?? tooMuch()
}

/** Reads a zip in this process, which stays warm: for whoever reads the same course again and again. */
export async function readCourseHere(
  zip: Uint8Array,
): Promise<{ course: CourseSource; report: ReportLine[] }> {
  const { readCourse } = await import('./read.ts')
  return await readCourse(await readZip(zip))
}

function run(zip: Uint8Array): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--max-old-space-size=768', reader], {
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: longestMs,
      killSignal: 'SIGKILL',
    })
    yieldToOthers(child.pid)
    const out: Buffer[] = []
    const errors: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk))
    // A reader that died early takes no more input; its exit code says so.
    child.stdin.on('error', () => {})
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (code === 0) resolve(Buffer.concat(out).toString('utf8'))
      else if (signal) reject(tooMuch())
      else
        reject(
          new Error(
            `reading the course failed: ${Buffer.concat(errors).toString('utf8').slice(-2000)}`,
          ),
        )
    })
    child.stdin.end(zip)
  })
}

/** Who sends a course can wait; who reads a page on the same two cores should not. */
function yieldToOthers(pid: number | undefined): void {
  try {
    if (pid) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // Forbidden to hardened services (systemd's @resources): it is a courtesy, no more.
  }
}

const tooMuch = () =>
  new CourseError(
    { file: 'config.yaml' },
    'Reading this course took more time or memory than a course may.',
    'Make it smaller: fewer or shorter lessons, or two courses.',
  )
