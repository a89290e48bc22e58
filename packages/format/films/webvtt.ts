import { CourseError } from '../errors.ts'

/** One caption: seconds from the film's begin, and its plain text. */
export type Cue = { from: number; to: number; text: string }

const time = String.raw`(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})`
const timing = new RegExp(`^${time}[ \t]+-->[ \t]+${time}(?:[ \t].*)?$`)

const entities: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  nbsp: '\u00a0',
  lrm: '\u200e',
  rlm: '\u200f',
}

/**
 * Reads captions as WebVTT, https://www.w3.org/TR/webvtt1/: cues in their order, without styles and positions.
 * @throws CourseError with the line that is no caption
 */
export function readCaptions(source: string, file: string): Cue[] {
  const lines = source.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
  const refuse = (at: number, problem: string, mend: string): never => {
    throw new CourseError({ file, line: at + 1 }, problem, mend)
  }
  if (!/^WEBVTT(?:[ \t].*)?$/.test(lines[0] ?? '')) {
    refuse(0, 'Captions begin with the line “WEBVTT”.', 'Add it, and an empty line after it.')
  }
  const cues: Cue[] = []
  for (const { at, block } of blocksOf(lines)) {
    const place = block.findIndex((line) => line.includes('-->'))
    if (place < 0) {
      // Comments, styles and regions; any other block without times would never be shown.
      if (/^(?:NOTE|STYLE|REGION)(?:[ \t]|$)/.test(block[0] ?? '')) continue
      refuse(at, 'A caption has no times.', 'Write them above it: 00:01.000 --> 00:04.000')
    }
    const found = timing.exec(block[place]?.trim() ?? '')
    if (!found) {
      refuse(at + place, 'These are no times.', 'Write them like 00:01.000 --> 00:04.000.')
      continue
    }
    const [from, to] = [secondsOf(found.slice(1, 5)), secondsOf(found.slice(5, 9))]
    if (to <= from) refuse(at + place, 'This caption ends before it begins.', 'Correct its times.')
    const text = plain(block.slice(place + 1).join('\n'))
    if (text !== '') cues.push({ from, to, text })
  }
  return cues.sort((a, b) => a.from - b.from)
}

/** Runs of lines without an empty one between them, after the header; `at` is the index of their first line. */
function blocksOf(lines: readonly string[]): { at: number; block: string[] }[] {
  const blocks: { at: number; block: string[] }[] = []
  let open: { at: number; block: string[] } | undefined
  // What follows the first line at once still belongs to the header.
  const begin = lines.findIndex((line, at) => at > 0 && line === '')
  for (const [at, line] of lines.entries()) {
    if (begin < 0 || at < begin) continue
    if (line.trim() === '') {
      open = undefined
    } else if (open) {
      open.block.push(line)
    } else {
      open = { at, block: [line] }
      blocks.push(open)
    }
  }
  return blocks
}

function secondsOf([hours, minutes, seconds, thousandths]: (string | undefined)[]): number {
  const whole = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0)
  // Divided once, so that 1.372 is 1.372.
  return (whole * 1000 + Number(thousandths ?? 0)) / 1000
}

/** A cue's text without its tags: who speaks (`<v Ada>`) stands before what they say. */
function plain(text: string): string {
  return text
    .replace(/<v(?:\.[^ \t>]*)?[ \t]+([^>]+)>/g, '$1: ')
    .replace(/<[^>]*>/g, '')
    .replace(/&(amp|lt|gt|nbsp|lrm|rlm);/g, (_, name: string) => entities[name] ?? '')
    .replace(/\s+/g, ' ')
    .trim()
}
