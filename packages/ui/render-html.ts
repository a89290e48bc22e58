import { LRUCache } from 'lru-cache'
import { Fragment, isValidElement, type ReactElement, type ReactNode } from 'react'

/**
 * Elements as HTML the way people write it: what every fragment and every page is made with. It reads the same elements
 * as React's own renderer and means the same, for less, and in HTML's own spelling (docs/decisions/0014). Components are
 * plain functions of their props, so there are no hooks, no contexts and nothing to wait for.
 * @throws Error for what such HTML cannot hold: handlers, inline styles, refs, class components, unknown attributes
 */
export function renderHtml(node: ReactNode): string {
  if (typeof node === 'string') return escapeHtml(node)
  const from = used
  try {
    write(node)
    return parts.slice(from, used).join('')
  } finally {
    used = from
  }
}

/**
 * What is being written, joined once at the end: sums of strings would be trees of small objects, which live until the
 * page is sent. Never emptied, because it would have to grow to a page's size again each time: `used` of it count.
 */
const parts: string[] = []
let used = 0

function add(part: string): void {
  parts[used++] = part
}

type Props = Record<string, unknown> & { children?: ReactNode }

const voids = new Set('area base br col embed hr img input link meta source track wbr'.split(' '))

function write(node: ReactNode): void {
  if (typeof node === 'string') add(escapeHtml(node))
  else if (typeof node === 'number' || typeof node === 'bigint') add(String(node))
  else if (node === null || node === undefined || typeof node === 'boolean') return
  else if (isValidElement<Props>(node)) writeElement(node)
  else if (Symbol.iterator in node) for (const child of node) write(child)
  else throw new Error('A page is rendered at once: there is nothing to wait for, and no portal.')
}

function writeElement({ type, props }: ReactElement<Props>): void {
  if (isComponent(type)) {
    const drawing = drawings.get(type)
    if (drawing) add(drawing.html(props))
    else write(type(props))
    return
  }
  if (type === Fragment) {
    write(props.children)
    return
  }
  if (typeof type !== 'string') throw new Error(`${String(type)} is no element of a page.`)
  const tag = tags.get(type) ?? tagOf(type)
  add(tag.start)
  for (const name in props) {
    if (name !== 'children' && name !== 'dangerouslySetInnerHTML') {
      writeAttribute(type, name, props[name])
    }
  }
  add('>')
  if (voids.has(type)) return
  const raw = props.dangerouslySetInnerHTML
  if (type === 'pre' || type === 'textarea') {
    const inside = raw === undefined ? renderHtml(props.children) : innerHtml(raw)
    // The first line break within them is not part of what they hold.
    if (inside.startsWith('\n')) add('\n')
    add(inside)
  } else if (raw !== undefined) add(innerHtml(raw))
  else write(props.children)
  add(tag.end)
}

/** How an element begins and ends. Made once for each: what is pushed in one piece is kept, joined and forgotten as one. */
type Tag = { start: string; end: string }
const tags = new Map<string, Tag>()

function tagOf(type: string): Tag {
  const tag = { start: `<${type}`, end: `</${type}>` }
  tags.set(type, tag)
  return tag
}

const isComponent = (type: unknown): type is (props: Props) => ReactNode =>
  typeof type === 'function' && !type.prototype?.isReactComponent

/** Finds or writes the HTML of a component that is drawn once. */
type Drawing = { html(props: Props): string }

const drawings = new WeakMap<object, Drawing>()

/**
 * Makes a component whose HTML is written once for each `keyOf` its props, and found from then on: for drawings, which
 * are many elements of few kinds. To React it is the component that it was.
 * @param keyOf names all that the HTML depends on
 */
export function drawnOnce<Given extends Props>(
  component: (props: Given) => ReactElement | null,
  keyOf: (props: Given) => string,
): (props: Given) => ReactElement | null {
  const known = new LRUCache<string, string>({ max: 1000 })
  const drawn = (props: Given) => component(props)
  const drawing = {
    // A method, because it is only ever asked with the props of its own component.
    html(props: Given): string {
      const key = keyOf(props)
      let html = known.get(key)
      if (html === undefined) {
        html = renderHtml(component(props))
        known.set(key, html)
      }
      return html
    },
  }
  drawings.set(drawn, drawing)
  return drawn
}

function innerHtml(raw: unknown): string {
  if (
    typeof raw === 'object' &&
    raw !== null &&
    '__html' in raw &&
    typeof raw.__html === 'string'
  ) {
    return raw.__html
  }
  throw new Error('dangerouslySetInnerHTML takes { __html: string }.')
}

/** Names that HTML writes in small letters and React does not. */
const small =
  'autoComplete autoFocus charSet colSpan crossOrigin dateTime encType enterKeyHint fetchPriority formAction hrefLang inputMode itemProp itemScope itemType maxLength minLength noModule noValidate playsInline popoverTarget readOnly referrerPolicy rowSpan spellCheck srcDoc srcLang srcSet tabIndex'
/** Names of SVG that have a hyphen there. */
const hyphened =
  'clipPath clipRule fillOpacity fillRule fontSize fontWeight stopColor strokeLinecap strokeLinejoin strokeOpacity strokeWidth textAnchor'
/** Names of SVG that have capitals there too. */
const kept = 'gradientTransform gradientUnits pathLength patternUnits preserveAspectRatio viewBox'
const renamed = new Map([
  ...small.split(' ').map((prop) => [prop, prop.toLowerCase()] as const),
  ...hyphened.split(' ').map((prop) => [prop, prop.replace(/[A-Z]/, '-$&').toLowerCase()] as const),
  ...kept.split(' ').map((prop) => [prop, prop] as const),
  ['className', 'class'] as const,
  ['htmlFor', 'for'] as const,
  ['defaultValue', 'value'] as const,
  ['defaultChecked', 'checked'] as const,
])
/** Attributes whose two values are words; of all others, `true` is the name alone and `false` is nothing. */
const worded = /^(?:aria-|data-|(?:contenteditable|draggable|spellcheck)$)/
const addresses = /^(?:href|src|action|formaction)$/

/** How a prop is written: ` name="`, and what its values may be. Found out once for each prop. */
type Attribute = { start: string; name: string; worded: boolean; address: boolean }
const attributes = new Map<string, Attribute>()

function attributeOf(element: string, prop: string): Attribute {
  const name = renamed.get(prop) ?? prop
  const isPlain = renamed.has(prop) || /^[a-z][a-z0-9:-]*$/.test(prop)
  if (!isPlain || prop === 'style' || prop === 'ref') throw unknownAttribute(element, prop)
  const attribute = {
    start: ` ${name}="`,
    name: ` ${name}`,
    worded: worded.test(name),
    address: addresses.test(name),
  }
  attributes.set(prop, attribute)
  return attribute
}

function writeAttribute(element: string, prop: string, value: unknown): void {
  if (value === undefined || value === null) return
  const attribute = attributes.get(prop) ?? attributeOf(element, prop)
  if (typeof value === 'string') {
    if (!attribute.address || !isScript(value)) addAttribute(attribute.start, escapeHtml(value))
  } else if (typeof value === 'number' || (typeof value === 'boolean' && attribute.worded)) {
    addAttribute(attribute.start, String(value))
  } else if (typeof value !== 'boolean') throw unknownAttribute(element, prop)
  else if (value) add(attribute.name)
}

function addAttribute(start: string, value: string): void {
  add(start)
  add(value)
  add('"')
}

/** A second net under what the services check: an address never runs anything. */
function isScript(value: string): boolean {
  if (/^[/#h]/.test(value)) return false
  // biome-ignore lint/suspicious/noControlCharactersInRegex: browsers skip them in an address
  return /^javascript:/i.test(value.replace(/[\u0000-\u0020]/g, ''))
}

const unknownAttribute = (element: string, prop: string) =>
  new Error(`renderHtml cannot write the attribute ${prop} of <${element}>.`)

const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#x27;',
}

/** Text for between tags or within quotes. */
export function escapeHtml(text: string): string {
  return /[&<>"']/.test(text) ? text.replace(/[&<>"']/g, (sign) => escapes[sign] ?? sign) : text
}
