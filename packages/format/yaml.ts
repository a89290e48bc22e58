import { type Document, isMap, isNode, LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import { CourseError, oneOf } from './errors.ts'
import { cleanDeep } from './folder/text.ts'

/** A YAML text as a value, and where its parts stand. */
export type Yaml = {
  value: unknown
  lineOf(path: readonly PropertyKey[]): number
}

/** Reads YAML; a text that is none gives the error's message and line. `firstLine` is its own first. */
export function readYaml(text: string, firstLine = 1): Yaml | { message: string; line: number } {
  const lines = new LineCounter()
  const at = (offset: number) => lines.linePos(offset).line + firstLine - 1
  try {
    const document = parseDocument(text, { lineCounter: lines, schema: 'core', logLevel: 'silent' })
    const [error] = document.errors
    if (error) return { message: firstLineOf(error.message), line: at(error.pos[0]) }
    const value = cleanDeep(document.toJS({ maxAliasCount: 100 }))
    return { value, lineOf: (path) => lineIn(document, path, at, firstLine) }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return { message: firstLineOf(error.message), line: firstLine }
  }
}

function lineIn(
  document: Document,
  path: readonly PropertyKey[],
  at: (offset: number) => number,
  otherwise: number,
): number {
  const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents
  const last = path.at(-1)
  const pair = isMap(parent)
    ? parent.items.find((item) => String(isNode(item.key) ? item.key : '') === String(last))
    : undefined
  const node = pair?.key ?? document.getIn(path, true) ?? parent
  return isNode(node) && node.range ? at(node.range[0]) : otherwise
}

const firstLineOf = (message: string) => message.split('\n')[0]?.replace(/ at line .*$/, '') ?? ''

/** Reads a whole YAML file by a schema; what does not fit it is a CourseError with its line, and the others. */
export function readYamlFile<T>(
  text: string,
  file: string,
  schema: z.ZodType<T>,
): { value: T; raw: unknown; lineOf: Yaml['lineOf'] } {
  const yaml = readYaml(text)
  if ('message' in yaml) {
    throw new CourseError({ file, line: yaml.line }, yaml.message, 'Mend the YAML on that line.')
  }
  const checked = schema.safeParse(yaml.value ?? undefined)
  if (checked.success) return { value: checked.data, raw: yaml.value, lineOf: yaml.lineOf }
  const errors = checked.error.issues.map(
    ({ path, message }) =>
      new CourseError(
        { file, line: yaml.lineOf(path) },
        `${path.join('.') || 'The file'}: ${message}.`,
        'docs/course-format.md says what belongs there.',
      ),
  )
  throw oneOf(errors) ?? checked.error
}
