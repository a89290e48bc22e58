import { type Attributes, parseAttributes } from './attributes.ts'
import { lineBlock } from './lines.ts'

/** A fence's meaning: null closes the innermost div; attributes open one. */
export type Fence = { closes: true } | { closes: false; attributes: Attributes; loose: boolean }

const fence = /^:{3,}\s*(.*?)\s*:*$/
const word = /^[A-Za-z][\w.-]*$/

/** Kinds that may be followed by more words on the fence, as some authors write their titles there. */
const titled =
  /^(challenge|solution|hint|callout|prereq|discussion|testimonial|checklist|caution|spoiler|instructor|tab|group-tab|objectives|questions|keypoints)$/i

/** Reads a line such as `::: challenge`, `:::: {.callout #id}` or `:::`; null when it is prose. */
export function readFence(line: string): Fence | null {
  const match = fence.exec(line)
  if (!match) return null
  const info = match[1] ?? ''
  if (info === '') return { closes: true }
  const braces = /^([\w-]+)?\s*\{([\s\S]*)\}$/.exec(info)
  if (braces) {
    const attributes = parseAttributes(braces[2] ?? '')
    if (!attributes) return null
    if (braces[1]) attributes.classes.unshift(braces[1])
    return { closes: false, attributes, loose: false }
  }
  const words = info.split(/\s+/)
  const [first = ''] = words
  const plain = first.replace(/^\./, '')
  if (!word.test(plain)) return null
  const pairs = new Map<string, string>()
  if (words.length === 1) {
    return { closes: false, attributes: { id: null, classes: [plain], pairs }, loose: false }
  }
  if (!titled.test(plain)) return null
  pairs.set('title', words.slice(1).join(' '))
  return { closes: false, attributes: { id: null, classes: [plain], pairs }, loose: true }
}

/** The fence of a div: one line, anywhere a block may be, in lists and quotes too. */
export const divFence = lineBlock({
  name: 'divFence',
  lineName: 'divFenceLine',
  open: (line) => (readFence(line) ? 'last' : 'fail'),
  endsAnywhere: true,
  interrupts: () => true,
})

/** kramdown's `{: .class}` on a line of its own. */
export const blockAttributes = lineBlock({
  name: 'blockAttributes',
  lineName: 'blockAttributesLine',
  open: (line) => (/^\{:.*\}$/.test(line) && parseAttributes(line.slice(1, -1)) ? 'last' : 'fail'),
  endsAnywhere: true,
  interrupts: () => true,
})
