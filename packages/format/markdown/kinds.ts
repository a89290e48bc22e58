import type { Properties } from 'hast'
import type { RootContent } from 'mdast'
import type { Attributes } from './attributes.ts'
import { element, idOf, takeTitle } from './elements.ts'
import type { MarkdownPage } from './page.ts'
import { tabsElement } from './tabs.ts'

const callouts = [
  'callout',
  'prereq',
  'discussion',
  'testimonial',
  'checklist',
  'caution',
  'instructor',
] as const
const disclosures = ['solution', 'hint', 'spoiler'] as const
const fields = ['questions', 'objectives', 'keypoints'] as const

type Callout = (typeof callouts)[number]
type Disclosure = (typeof disclosures)[number]
const isOneOf = <T extends string>(list: readonly T[], word: string): word is T =>
  list.some((one) => one === word)

/** Every kind of div that has a place of its own here. */
export const knownKinds: readonly string[] = [
  ...callouts,
  ...disclosures,
  ...fields,
  'challenge',
  'quiz',
  'assignment',
  'question',
  'tab',
  'group-tab',
  'panel-tabset',
]

/** Other dialects' names for what the Workbench calls otherwise. */
const near = new Map<string, Callout | 'challenge' | 'spoiler'>([
  ['callout-note', 'callout'],
  ['callout-tip', 'callout'],
  ['callout-important', 'caution'],
  ['callout-warning', 'caution'],
  ['callout-caution', 'caution'],
  ['note', 'callout'],
  ['info', 'callout'],
  ['tip', 'callout'],
  ['warning', 'caution'],
  ['danger', 'caution'],
  ['important', 'caution'],
  ['exercise', 'challenge'],
  ['details', 'spoiler'],
])

/** The element a fenced div becomes; a list because some dissolve into what they hold. */
export function divElement(
  attributes: Attributes,
  children: RootContent[],
  line: number,
  page: MarkdownPage,
): RootContent[] {
  const names = attributes.classes.map((name) => name.toLowerCase())
  const known = names.find((name) => knownKinds.includes(name))
  const like = names.flatMap((name) => near.get(name) ?? []).at(0)
  const named = names[0]
  if (known !== undefined) page.report.exact(line, known)
  else if (like !== undefined) {
    page.report.approximated(line, `div ${named}`, `shown as “${like}”`)
  } else if (named === 'overview') {
    page.report.approximated(line, 'div overview', 'its parts are kept, the box around them is not')
    return children
  } else if (named === undefined) {
    page.report.exact(line, 'div')
    return [element('div', attributes.id ? { id: attributes.id } : {}, children, line)]
  } else {
    page.report.approximated(
      line,
      `div ${named}`,
      'no such kind is known; shown as a plain call-out',
    )
  }
  const kind = known ?? like ?? 'callout'
  if (isOneOf(fields, kind)) return [element('section', { dataField: kind }, children, line)]
  if (kind === 'tab' || kind === 'group-tab' || kind === 'panel-tabset') {
    return [tabsElement(attributes.id, children, line, page)]
  }
  if (kind === 'question') return [questionElement(attributes, children, line, page)]
  return [titled(kind, attributes, children, line, page)]
}

const counting = ['graded', 'attempts', 'minutes', 'due'] as const

/** What the attributes of work that is marked may be; html/ reads their values. */
const workAttributes = {
  quiz: ['title', 'draw', 'shuffle', 'bank', ...counting],
  assignment: ['title', 'points', 'files', ...counting],
  question: ['points', 'type', 'files'],
} as const

function workProperties(
  kind: keyof typeof workAttributes,
  { pairs }: Attributes,
  line: number,
  page: MarkdownPage,
): Properties {
  const known: readonly string[] = workAttributes[kind]
  const lost = [...pairs.keys()].filter((name) => !known.includes(name))
  if (lost.length > 0) {
    const why = `without effect: ${lost.join(' ')}; there are ${known.join(', ')}`
    page.report.approximated(line, `attributes of ${kind}`, why)
  }
  const data = known
    .filter((name) => name !== 'title' && pairs.has(name))
    .map((name) => [`data${name.charAt(0).toUpperCase()}${name.slice(1)}`, pairs.get(name)])
  return { className: [`ln-${kind}`], ...Object.fromEntries(data) }
}

function questionElement(
  attributes: Attributes,
  children: RootContent[],
  line: number,
  page: MarkdownPage,
): RootContent {
  const { id } = attributes
  const properties = workProperties('question', attributes, line, page)
  return element('section', { ...properties, ...(id ? { id } : {}) }, children, line)
}

function titled(
  kind: string,
  attributes: Attributes,
  all: RootContent[],
  line: number,
  page: MarkdownPage,
): RootContent {
  const [heading, children] = takeTitle(all)
  const given = attributes.pairs.get('title')
  const id = attributes.id ?? idOf(heading)
  const properties: Properties = id === null ? {} : { id }
  const word =
    kind === 'quiz' ||
    kind === 'assignment' ||
    isOneOf(callouts, kind) ||
    isOneOf(disclosures, kind)
      ? page.words[kind]
      : page.words.challenge
  const name: RootContent[] = heading?.children ?? [{ type: 'text', value: given ?? word }]
  const at = heading ?? { position: undefined }
  if (isOneOf(disclosures, kind)) {
    const summary = { ...element('summary', {}, name, line), position: at.position }
    return element(
      'details',
      { className: disclosureClass(kind), ...properties },
      [summary, ...children],
      line,
    )
  }
  const title = { ...element('h3', { className: ['ln-title'] }, name, line), position: at.position }
  if (kind === 'challenge') {
    return element(
      'section',
      { className: ['ln-challenge'], ...properties },
      [title, ...children],
      line,
    )
  }
  if (kind === 'quiz' || kind === 'assignment') {
    const work = { ...workProperties(kind, attributes, line, page), ...properties }
    return element('section', work, [title, ...children], line)
  }
  const className = ['ln-callout', `ln-callout--${kind}`]
  return element('aside', { className, ...properties }, [title, ...children], line)
}

const disclosureClass = (kind: Disclosure): string[] =>
  kind === 'spoiler'
    ? ['ln-spoiler']
    : kind === 'hint'
      ? ['ln-solution', 'ln-hint']
      : ['ln-solution']
