/** An element of the picture; namespaces are resolved, `href` stands for `xlink:href` too. */
export type SvgElement = {
  name: string
  attributes: Map<string, string>
  children: (SvgElement | string)[]
}

/** Writes a tree as text. Everything is escaped, so nothing can become more than it was in the tree. */
export function writeSvg(root: SvgElement): string {
  const parts: string[] = []
  const write = ({ name, attributes, children }: SvgElement, namespace = '') => {
    parts.push(`<${name}${namespace}`)
    for (const [key, value] of attributes) parts.push(` ${key}="${escape(value)}"`)
    if (children.length === 0) {
      parts.push('/>')
      return
    }
    parts.push('>')
    for (const child of children) {
      if (typeof child === 'string') parts.push(escape(child))
      else write(child)
    }
    parts.push(`</${name}>`)
  }
  write(root, ' xmlns="http://www.w3.org/2000/svg"')
  return parts.join('')
}

const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
}

const escape = (text: string) => text.replace(/[&<>"\t\n\r]/g, (found) => escapes[found] ?? found)
