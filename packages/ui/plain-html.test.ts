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
])('%s', (markup, html) => {
  expect(plainHtml(markup)).toBe(html)
})
