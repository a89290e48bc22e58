import { statSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { openPreview, type Preview, type Read } from '../preview/preview.ts'
import { SettingsError } from '../settings.ts'
import { say } from '../terminal.ts'
import { untilEnded } from '../until-ended.ts'

const usual = 3100
const mostLines = 20

/** Shows a course folder in the browser while it is written. */
export async function preview(args: string[]): Promise<void> {
  const { folder, port } = read(args)
  const tell = teller()
  const open = (at: number) => openPreview({ folder, port: at, onRead: tell })
  let opening: Promise<Preview> | undefined
  const begin = async () => {
    opening = open(port ?? usual).catch((error: unknown) => {
      if (!isTaken(error)) throw error
      if (port === undefined) return open(0)
      throw new SettingsError(`Port ${port} is taken. Choose another one: --port ${port + 1}`)
    })
    const { url } = await opening
    say(`${folder} is at ${url} and follows what you save (Ctrl-C ends it).`)
  }
  // Told to end while it opens, it still has a database to stop.
  const stop = async () => await (await opening?.catch(() => undefined))?.close()
  await untilEnded(begin, stop)
}

function read(args: string[]): { folder: string; port: number | undefined } {
  const { values, positionals } = parse(args)
  const [folder, ...rest] = positionals
  if (!folder || rest.length > 0) {
    throw new SettingsError('Name a course folder: colonnade preview my-course')
  }
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new SettingsError(`${folder} is no folder. colonnade new course ${folder} makes one.`)
  }
  if (values.port === undefined) return { folder, port: undefined }
  const port = Number(values.port)
  if (Number.isInteger(port) && port >= 0 && port < 65536) return { folder, port }
  throw new SettingsError(`--port is a number from 0 to 65535, not ${values.port}.`)
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: { port: { type: 'string' } }, allowPositionals: true })
  } catch (error) {
    throw new SettingsError(error instanceof Error ? error.message : String(error))
  }
}

/** Tells what each reading gave: the counts always, the lines of the loss report when they are new. */
function teller(): (read: Read) => void {
  let before = ''
  return (read) => {
    if ('refused' in read) {
      say(`Not shown: ${read.refused}`)
      return
    }
    const { report, revision, unchanged } = read.answer
    const count = (outcome: string) =>
      report
        .filter((line) => line.outcome === outcome)
        .reduce((sum, line) => sum + (line.count ?? 1), 0)
    const lossy = report.filter(({ outcome }) => outcome !== 'exact')
    const lines = lossy.map(
      ({ outcome, file, line, element, why }) =>
        `  ${outcome.padEnd(12)} ${line ? `${file}:${line}` : file}  ${element}${why ? `: ${why}` : ''}`,
    )
    if (lines.join() !== before) {
      for (const line of lines.slice(0, mostLines)) say(line)
      if (lines.length > mostLines) say(`  … and ${lines.length - mostLines} more`)
    }
    before = lines.join()
    if (unchanged && revision > 1) return
    say(
      `Read in ${read.ms} ms: ${count('exact')} elements exact, ${count('approximated')} approximated, ${count('dropped')} dropped.`,
    )
  }
}

const isTaken = (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
