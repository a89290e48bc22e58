import type { Image } from '@colonnade/media/contract'
import { expect, test } from 'vitest'
import { resolveReferences } from './references.ts'

const images = new Map<string, Image | null>([
  ['fig/bad.svg', null],
  ['fig/a b.png', { id: 'a'.repeat(40), width: 700, height: 300, kind: 'raster' as const }],
  ['fig/x.svg', { id: 'b'.repeat(40), width: 640, height: 200, kind: 'svg' as const }],
])
const resolve = (html: string) => resolveReferences(html, { slug: 'bread', images })

test('a picture gets its variants, its size, and is loaded when it is near', () => {
  const html = resolve('<img src="image:fig/a%20b.png" alt="a > b" width="9" class="wide">')
  expect(html).toMatch(
    /^<picture><source type="image\/avif" srcset="\/media\/a{40}\/320\.avif 320w, /,
  )
  expect(html).toContain(' alt="a > b"')
  expect(html).toContain('class="wide"')
  expect(html).toContain('width="700" height="300" loading="lazy"')
  expect(html).not.toContain('width="9"')
})

test('a drawing has one form', () => {
  expect(resolve('<img src="image:fig/x.svg" alt="x">')).toBe(
    `<img src="/media/${'b'.repeat(40)}/image.svg" width="640" height="200" loading="lazy" decoding="async" alt="x">`,
  )
})

const refused = '<img src="image:fig/bad.svg" alt="a &#x26; b > c">'
test.each([
  [`<p>See ${refused} here</p>`, '<p>See a &amp; b &gt; c here</p>'],
  [`<figure class="ln-figure ln-w-60">${refused}</figure>`, '<p>a &amp; b &gt; c</p>'],
  [
    `<figure class="ln-figure">${refused}<figcaption>By <em>a</em></figcaption></figure>`,
    '<p>a &amp; b &gt; c</p><p>By <em>a</em></p>',
  ],
  [
    `<figure class="ln-figure">${refused}<figcaption>a &amp; <em>b</em> &gt; c</figcaption></figure>`,
    '<p>a &amp; <em>b</em> &gt; c</p>',
  ],
  ['<figure class="ln-figure"><img src="image:fig/bad.svg" alt=""></figure>', ''],
  [
    `<figure class="ln-figure"><a href="https://example.org">${refused}</a></figure>`,
    '<figure class="ln-figure"><a href="https://example.org">a &amp; b &gt; c</a></figure>',
  ],
])('of a refused picture its words are kept: %s', (given, wanted) => {
  expect(resolve(given)).toBe(wanted)
})

test('a figure keeps the pictures that were not refused', () => {
  const html = resolve(
    `<figure class="ln-figure">${refused}<img src="image:fig/x.svg" alt="x"></figure>`,
  )
  expect(html).toMatch(/^<figure class="ln-figure">a &amp; b &gt; c<img src="\/media\//)
})

test('a picture nobody kept stops the publication', () => {
  expect(() => resolve('<img src="image:fig/none.png" alt="">')).toThrow('fig/none.png')
})

test.each([
  ['lesson:water', '/learn/bread/lessons/water'],
  ['lesson:water#salt', '/learn/bread/lessons/water#salt'],
  ['file:data/a%20b.csv', '/learn/bread/files/data/a%20b.csv'],
  ['file:data/r&#x26;d.csv', '/learn/bread/files/data/r%26d.csv'],
  ['file:data/100%.csv', '/learn/bread/files/data/100%25.csv'],
  ['https://example.org/lesson:water', 'https://example.org/lesson:water'],
  ['#file:x', '#file:x'],
])('the link %s leads to %s', (given, wanted) => {
  expect(resolve(`<a title="1 > 0" href="${given}">x</a>`)).toBe(
    `<a title="1 > 0" href="${wanted}">x</a>`,
  )
})

test('what only looks like a reference in text or code stays as it is', () => {
  const html =
    '<p>Write href="lesson:water" or src="image:x".</p><code>&#x3C;a href="file:x"></code><a title=\'href="file:x"\' href="#a">x</a>'
  expect(resolve(html)).toBe(html)
})
