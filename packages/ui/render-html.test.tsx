import fc from 'fast-check'
import { parseFragment, serialize } from 'parse5'
import { createElement, Fragment, type ReactNode } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { KitPage } from './kit.tsx'
import { drawnOnce, renderHtml } from './render-html.ts'
import { languages, translator } from './translator.ts'

/** What a browser makes of it: the tree, with attributes in the order of their names. */
function tree(html: string): string {
  const fragment = parseFragment(html)
  const sort = (node: (typeof fragment.childNodes)[number]): void => {
    if (!('attrs' in node)) return
    node.attrs.sort((a, b) => (a.name < b.name ? -1 : 1))
    node.childNodes.forEach(sort)
  }
  fragment.childNodes.forEach(sort)
  return serialize(fragment)
}
const same = (node: ReactNode) =>
  expect(tree(renderHtml(node))).toBe(tree(renderToStaticMarkup(node)))

test.each(languages)('the kit page in %s is what React makes of it', (lang) => {
  same(<KitPage t={translator(lang)} picture="/x.png" />)
})

test('a drawing is written once for all that it depends on, and is what React makes of it', () => {
  let drawn = 0
  const Bar = drawnOnce(
    ({ length }: { length: number; title: string }) => {
      drawn++
      return length > 0 ? <rect width={length} className="bar" /> : null
    },
    ({ length }) => String(length),
  )
  const bars = [3, 4, 3, 0, 3, 0].map((length, at) => ({ length, title: `bar ${at}` }))
  const picture = (
    <svg role="img" aria-label="bars">
      {bars.map((bar) => (
        <Bar key={bar.title} {...bar} />
      ))}
    </svg>
  )
  expect(renderHtml(picture)).toBe(renderHtml(picture))
  expect(drawn).toBe(3)
  same(picture)
})

const text = fc.string({ unit: 'grapheme', maxLength: 12 }).map((raw) => raw.replace(/[\r\0]/g, ''))
const attributes = fc.record(
  {
    className: text,
    id: text,
    title: text,
    lang: fc.constantFrom('en', 'es'),
    hidden: fc.boolean(),
    tabIndex: fc.integer(),
    'aria-label': text,
    'aria-hidden': fc.boolean(),
    'data-x': fc.oneof(text, fc.boolean(), fc.integer()),
  },
  { requiredKeys: [] },
)
const { element } = fc.letrec<{ element: ReactNode; child: ReactNode }>((tie) => ({
  child: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.oneof(fc.integer(), fc.bigInt(), fc.constantFrom(null, undefined, true, false)),
    tie('element'),
  ),
  element: fc
    .tuple(
      fc.constantFrom('div', 'span', 'section', 'pre', 'details', 'em'),
      attributes,
      fc.array(tie('child'), { maxLength: 4 }),
      fc.constantFrom('plain', 'component', 'fragment'),
    )
    .map(([name, props, children, form]) => {
      const plain = createElement(name, props, ...children)
      if (form === 'component') return createElement(() => plain)
      return form === 'fragment' ? createElement(Fragment, null, plain) : plain
    }),
}))

test('any elements are what React makes of them', () => {
  fc.assert(
    fc.property(element, (node) => {
      same(<div>{node}</div>)
    }),
    { numRuns: 300 },
  )
})

test.each<[ReactNode, string]>([
  [<br key="a" />, '<br>'],
  [
    <input key="a" type="radio" defaultChecked maxLength={9} readOnly />,
    '<input type="radio" checked maxlength="9" readonly>',
  ],
  [<input key="a" defaultValue={'"'} required={false} />, '<input value="&quot;">'],
  [
    createElement('course-place', { class: 'x', 'aria-hidden': true }),
    '<course-place class="x" aria-hidden="true"></course-place>',
  ],
  [<details key="a" open />, '<details open></details>'],
  [
    <svg key="a" viewBox="0 0 1 1">
      <title>x</title>
      <text textAnchor="end" />
    </svg>,
    '<svg viewBox="0 0 1 1"><title>x</title><text text-anchor="end"></text></svg>',
  ],
  [
    <time key="a" dateTime="2026">
      {'<'}
    </time>,
    '<time datetime="2026">&lt;</time>',
  ],
  [
    <a key="a" href="/x?a=1&b=2">
      {['a', 1, null]}
    </a>,
    '<a href="/x?a=1&amp;b=2">a1</a>',
  ],
  [<p key="a" aria-busy={false} data-on />, '<p aria-busy="false" data-on="true"></p>'],
  [<pre key="a">{'\n\nx'}</pre>, '<pre>\n\n\nx</pre>'],
  // biome-ignore lint/security/noDangerouslySetInnerHtml: what is under test
  [<p key="a" dangerouslySetInnerHTML={{ __html: '<b>&' }} />, '<p><b>&</p>'],
])('%#: HTML as people write it', (node, html) => {
  expect(renderHtml(node)).toBe(html)
})

test.each(['javascript:alert(1)', ' JaVa\nScript:alert(1)'])('%j is never an address', (href) => {
  expect(renderHtml(<a href={href}>x</a>)).toBe('<a>x</a>')
})

test.each<[string, ReactNode]>([
  ['onClick', createElement('p', { onClick: () => {} })],
  ['style', <p key="a" style={{ color: 'red' }} />],
  ['fooBar', createElement('p', { fooBar: 'x' })],
  ['x"y', createElement('p', { 'x"y': 'x' })],
  ['nothing to wait for', Promise.resolve('x')],
  // biome-ignore lint/security/noDangerouslySetInnerHtml: what is under test
  ['__html', createElement('p', { dangerouslySetInnerHTML: 'x' })],
])('%s is refused', (why, node) => {
  expect(() => renderHtml(node)).toThrow(why)
})

test('one that is rendered within another, or fails within it, leaves nothing of itself there', () => {
  function Within() {
    expect(() => renderHtml([<b key="b">half</b>, Promise.resolve('x')])).toThrow()
    return <i>{renderHtml(<u>inner</u>)}</i>
  }
  expect(
    renderHtml(
      <p>
        before <Within /> after
      </p>,
    ),
  ).toBe('<p>before <i>&lt;u&gt;inner&lt;/u&gt;</i> after</p>')
})
