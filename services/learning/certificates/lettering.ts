import type PDFDocument from 'pdfkit'
import type { Run, Voice } from './faces.ts'
import { type Block, typeset } from './typeset.ts'

/** How much higher than its letters a line is. */
const leading = 1.2

/** Sets and draws texts in a document; each font is taken in when a text first needs it. */
export function letteringOf(doc: PDFDocument) {
  const taken = new Set<string>()
  const use = ({ face }: Run, size: number) => {
    if (!taken.has(face.key)) doc.registerFont(face.key, face.bytes)
    taken.add(face.key)
    return doc.font(face.key).fontSize(size)
  }
  return {
    /** A text as large as fits. @throws Error when no font of ours has its letters */
    set: (
      text: string,
      voice: Voice,
      options: { width: number; sizes: readonly number[]; lines?: number },
    ): Promise<Block> =>
      typeset(text, { voice, lines: 1, ...options }, (run, size) =>
        use(run, size).widthOfString(run.text),
      ),
    /** @param y the first line's baseline @returns the last line's */
    draw({ lines, size }: Block, { x, y, color }: { x: number; y: number; color: string }): number {
      lines.forEach((line, at) => {
        let from = x
        for (const run of line.runs) {
          const set = use(run, size).fillColor(color)
          const options = { lineBreak: false, baseline: 'alphabetic' } as const
          set.text(run.text, from, y + at * size * leading, options)
          from += doc.widthOfString(run.text)
        }
      })
      return y + heightOf({ lines, size })
    },
  }
}

/** From the first line's baseline to the last one's. */
export const heightOf = ({ lines, size }: Block) => Math.max(0, lines.length - 1) * size * leading
