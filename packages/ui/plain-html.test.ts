import { expect, test } from 'vitest'
import { plainHtml } from './plain-html.ts'

test.each([
  ['<path d="M0 0"/>', '<path d="M0 0"/>'],
  ['<meta charSet="utf-8"/>', '<meta charset="utf-8">'],
  ['<br/>', '<br>'],
  ['<img src="a.svg" alt="a &gt; b" width="1"/>', '<img src="a.svg" alt="a &gt; b" width="1">'],
  ['<input type="radio" checked="" maxLength="9"/>', '<input type="radio" checked maxlength="9">'],
  ['<details open="">', '<details open>'],
  [
    '<svg viewBox="0 0 1 1"><path d="M0 0"></path></svg>',
    '<svg viewBox="0 0 1 1"><path d="M0 0"></path></svg>',
  ],
  ['<code>&lt;a hrefLang="en"/></code>', '<code>&lt;a hrefLang="en"/></code>'],
  ['<p title="x hrefLang=1 > y">open=""</p>', '<p title="x hrefLang=1 > y">open=""</p>'],
  ['<img alt="a <br/> b" src="x"/>', '<img alt="a <br/> b" src="x">'],
  ['<img alt="1 < 2 /> 3" src="x">', '<img alt="1 < 2 /> 3" src="x">'],
  ['<input hidden=""/><p hidden="">=""</p>', '<input hidden><p hidden>=""</p>'],
  ['<time dateTime="2026">/></time>', '<time datetime="2026">/></time>'],
  ['/> and =""', '/> and =""'],
])('%s', (markup, html) => {
  expect(plainHtml(markup)).toBe(html)
})

test('what is plain already stays as it is, wherever it is cut', () => {
  const plain = '<details open><summary>a /> b</summary><img src="x" alt=""><br></details>'
  for (let at = 0; at <= plain.length; at++)
    expect(plainHtml(plain.slice(at))).toBe(plain.slice(at))
})
