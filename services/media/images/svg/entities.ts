import { unusable } from '../limits.ts'

const most = { entities: 60, characters: 200, grown: 4 * 1024 * 1024 }

/**
 * The entities a document type declares. Drawing programs use them for the names of namespaces, so plain text is
 * taken; what refers to files or to other entities is how a few lines grow to gigabytes, and is refused.
 * @throws Unusable
 */
export function readEntities(doctype: string, text: string): Record<string, string> {
  const refuse = () => unusable('The SVG declares entities other than short plain text.')
  const entities: Record<string, string> = Object.create(null)
  const pieces = doctype.split('<!ENTITY').slice(1)
  if (pieces.length > most.entities) throw refuse()
  for (const piece of pieces) {
    const [, name, , value = ''] =
      /^\s+([A-Za-z_][\w.-]*)\s+(["'])([^"'<&%]*)\2\s*>/.exec(piece) ?? []
    if (!name || value.length > most.characters) throw refuse()
    entities[name] = value
  }
  if (pieces.length > 0 && text.split('&').length * most.characters > most.grown) throw refuse()
  return entities
}
