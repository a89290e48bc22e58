import { defaultSchema, type Options } from 'rehype-sanitize'

const everywhere = ['id', 'title', 'lang', 'dir', 'ariaLabel', 'ariaLabelledBy', 'ariaHidden']

const cells = ['colSpan', 'rowSpan', 'align', 'scope']

/** Every element a lesson may hold, with the attributes it may have beside the global ones. */
const elements: Record<string, string[]> = {
  a: ['href', 'dataFootnoteRef', 'dataFootnoteBackref', 'ariaDescribedBy'],
  abbr: [],
  aside: [],
  b: [],
  bdi: [],
  bdo: [],
  blockquote: ['cite'],
  br: [],
  caption: [],
  cite: [],
  code: ['dataMaths'],
  col: ['span'],
  colgroup: ['span'],
  dd: [],
  del: ['cite', 'dateTime'],
  details: ['open'],
  dfn: [],
  div: ['dataCaption'],
  dl: [],
  dt: [],
  em: [],
  figcaption: [],
  figure: [],
  h1: [],
  h2: [],
  h3: [],
  h4: [],
  h5: [],
  h6: [],
  hr: [],
  i: [],
  img: ['src', 'alt', 'dataWidth'],
  input: ['type', 'checked', 'disabled'],
  ins: ['cite', 'dateTime'],
  kbd: [],
  li: ['value'],
  mark: [],
  ol: ['start', 'reversed'],
  p: [],
  pre: [],
  q: ['cite'],
  rp: [],
  rt: [],
  ruby: [],
  s: [],
  samp: [],
  section: [
    'dataField',
    'dataFootnotes',
    'dataDraw',
    'dataShuffle',
    'dataBank',
    'dataGraded',
    'dataAttempts',
    'dataMinutes',
    'dataDue',
    'dataPoints',
    'dataFiles',
    'dataType',
  ],
  small: [],
  span: [],
  strong: [],
  sub: [],
  summary: [],
  sup: [],
  table: [],
  tbody: [],
  td: cells,
  tfoot: [],
  th: cells,
  thead: [],
  time: ['dateTime'],
  tr: [],
  u: [],
  ul: [],
  var: [],
  wbr: [],
}

/** Our own vocabulary and the language of code; an author's other classes have no effect. */
const classes = /^(?:ln-[\w-]+|language-[\w+#.-]+)$/

const protocols = ['http', 'https', 'mailto', 'tel']

export const isAllowed = (tag: string): boolean => Object.hasOwn(elements, tag)

export const isAllowedAttribute = (tag: string, name: string): boolean =>
  everywhere.includes(name) || Boolean(isAllowed(tag) && elements[tag]?.includes(name))

export const isAllowedClass = (name: string): boolean => classes.test(name)

/** Whether a link may keep this address: relative, or of a scheme that runs nothing. */
export function isAllowedUrl(url: string): boolean {
  const scheme = /^[\s\p{Cc}]*([^/?#:]*):/u.exec(url)?.[1]
  return scheme === undefined || protocols.includes(scheme.toLowerCase().trim())
}

/** What rehype-sanitize lets through: the guarantee behind everything else that is checked here. */
export const schema: Options = {
  tagNames: Object.keys(elements),
  attributes: {
    ...elements,
    '*': [...everywhere, ['className', classes]],
  },
  protocols: { href: protocols, src: ['http', 'https'], cite: ['http', 'https'] },
  required: { input: { disabled: true, type: 'checkbox' } },
  ancestors: defaultSchema.ancestors ?? {},
  strip: ['script', 'style', 'template', 'noscript', 'textarea', 'select', 'title', 'xmp'],
  clobber: [],
  clobberPrefix: '',
  allowComments: false,
  allowDoctypes: false,
}
