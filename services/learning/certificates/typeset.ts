import { type Run, setInFaces, type Voice } from './faces.ts'

/** A line as it will be drawn: its runs one after the other. */
export type Line = { runs: readonly Run[]; text: string; width: number }
export type Block = { size: number; lines: readonly Line[] }

/** How wide a run is at a size, in points. */
export type Measure = (run: Run, size: number) => number

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

/**
 * Sets a text as large as fits: in the first size in which it takes at most so many lines. In the last size it takes
 * as many lines as it needs; a word that is longer than a line is broken.
 * @throws Error when no font of ours has its letters
 */
export async function typeset(
  text: string,
  {
    voice,
    width,
    sizes,
    lines: most,
  }: { voice: Voice; width: number; sizes: readonly number[]; lines: number },
  measure: Measure,
): Promise<Block> {
  let block: Block = { size: sizes[0] ?? 12, lines: [] }
  for (const size of sizes) {
    block = { size, lines: await breakLines(text, { voice, width, size }, measure) }
    if (block.lines.length <= most) break
  }
  return block
}

async function breakLines(
  text: string,
  { voice, width, size }: { voice: Voice; width: number; size: number },
  measure: Measure,
): Promise<Line[]> {
  const lineOf = async (words: string): Promise<Line> => {
    const runs = await setInFaces(words, voice)
    if (!runs) throw new Error(`no font of ours sets “${words}”`)
    return { runs, text: words, width: runs.reduce((sum, run) => sum + measure(run, size), 0) }
  }
  const lines: Line[] = []
  let line: Line | undefined
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer: Line = await lineOf(line ? `${line.text} ${word}` : word)
    if (longer.width <= width) {
      line = longer
      continue
    }
    // With the space between the two words, or they are read aloud as one.
    if (line) lines.push(await lineOf(`${line.text} `))
    line = undefined
    for (const { segment } of graphemes.segment(word)) {
      const more: Line = await lineOf((line?.text ?? '') + segment)
      if (line && more.width > width) {
        lines.push(line)
        line = await lineOf(segment)
      } else line = more
    }
  }
  return line ? [...lines, line] : lines
}
