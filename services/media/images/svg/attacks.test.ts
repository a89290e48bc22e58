import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestMedia, type TestMedia } from '../fixture.ts'

let media: TestMedia
beforeAll(async () => {
  media = await openTestMedia()
})
afterAll(() => media.close())

const file = (inside: string, more = '') =>
  `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="90" height="60"${more}>${inside}<circle r="5"/></svg>`

async function served(text: string | Uint8Array): Promise<string> {
  const { variants } = await media.uploaded(text, 'image/svg+xml')
  return await (await media.ask(variants[0]?.src ?? '')).text()
}

const status = async (text: string) => (await media.upload(text, 'image/svg+xml')).status

/** What nothing that we serve may have in it, however it is written. */
const forbidden =
  /script|\bon\w+\s*=|evil|foreignobject|@import|@font-face|<!|<\?|iframe|animate|<set|expression|data:(?!image\/(png|jpeg);base64,)/i

const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=='

describe('what could do harm is left out', () => {
  const attacks: Record<string, string> = {
    script: file('<script>alert(1)</script>'),
    'script in CDATA': file('<script><![CDATA[alert(1)]]></script>'),
    'script from elsewhere': file('<script xlink:href="https://evil.example/x.js"/>'),
    'script by another prefix': file(
      '<x:script xmlns:x="http://www.w3.org/2000/svg">alert(1)</x:script>',
    ),
    'script of HTML': file('<h:script xmlns:h="http://www.w3.org/1999/xhtml">alert(1)</h:script>'),
    'script within text': file('<text>a<script>alert(1)</script></text>'),
    'script within what is dropped': file('<metadata><g><script>alert(1)</script></g></metadata>'),
    'handler on the root': file('', ' onload="alert(1)"'),
    'handler on an element': file(
      '<rect onclick="alert(1)" ONMOUSEOVER="alert(1)" onbegin="alert(1)"/>',
    ),
    'handler with a prefix': file(
      '<rect x:onclick="alert(1)" xmlns:x="http://www.w3.org/2000/svg"/>',
    ),
    'handler element': file(
      '<handler xmlns:ev="http://www.w3.org/2001/xml-events" ev:event="load">evil()</handler>',
    ),
    'link that runs': file('<a href="javascript:alert(1)"><rect/></a>'),
    'link with entities': file('<a xlink:href="&#106;avascript&#58;alert(1)"><text>go</text></a>'),
    'link elsewhere': file('<a href="https://evil.example/" target="_blank"><text>go</text></a>'),
    foreignObject: file(
      '<foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="https://evil.example"/></foreignObject>',
    ),
    iframe: file('<iframe xmlns="http://www.w3.org/1999/xhtml" src="https://evil.example"/>'),
    'image elsewhere': file('<image href="https://evil.example/x.png" width="9" height="9"/>'),
    'image by xlink': file('<image xlink:href="//evil.example/x.png"/>'),
    'image of a file': file('<image href="file:///etc/passwd"/><image href="/etc/evil"/>'),
    'image that is SVG': file(
      '<image href="data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9ImFsZXJ0KDEpIi8+"/>',
    ),
    'image that is HTML': file(
      '<image href="data:text/html,&lt;script&gt;alert(1)&lt;/script&gt;"/>',
    ),
    'image that lies': file(
      '<image href="data:image/png;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=="/>',
    ),
    'use of another file': file(
      '<use href="https://evil.example/x.svg#a"/><use xlink:href="data:image/svg+xml,evil#x"/>',
    ),
    'filter that fetches': file(
      '<filter id="f"><feImage href="https://evil.example/x.png"/></filter>',
    ),
    'gradient of another file': file(
      '<linearGradient id="g" href="https://evil.example/x.svg#g"/>',
    ),
    'paint from elsewhere': file('<rect fill="url(https://evil.example/x.svg#a)"/>'),
    'paint in quotes': file('<rect fill="url( &quot;https://evil.example/x.svg#a&quot; )"/>'),
    'paint with escapes': file(
      '<rect fill="u\\72l(https://evil.example)" stroke="url(\\68ttps://evil.example)"/>',
    ),
    'mask, clip, marker, filter, cursor from elsewhere': file(
      '<rect mask="url(//evil.example#a)" clip-path="url(//evil.example#a)" marker-end="url(//evil.example#a)" filter="url(//evil.example#a)" cursor="url(//evil.example)"/>',
    ),
    'style attribute that fetches': file(
      '<rect style="fill:red;background:url(https://evil.example)"/>',
    ),
    'style attribute, escaped': file(
      '<rect style="fill:u\\52 l(//evil.example);fi\\6c l:url(//evil.example)"/>',
    ),
    'style attribute, image-set': file(
      '<rect style="background:image-set(&quot;//evil.example/x&quot; 1x)"/>',
    ),
    'style attribute, var': file(
      '<rect style="--a:url(//evil.example);fill:var(--b, url(//evil.example))"/>',
    ),
    'style attribute that runs': file(
      '<rect style="width:expression(alert(1));behavior:url(evil.htc);-moz-binding:url(evil)"/>',
    ),
    'style that imports': file(
      '<style>@import "https://evil.example/x.css"; @import url(//evil.example);rect{fill:red}</style>',
    ),
    'style with fonts': file(
      '<style>@font-face{font-family:x;src:url(https://evil.example/x.woff)}</style>',
    ),
    'style that fetches': file(
      '<style>rect{fill:url(//evil.example#a)}@media screen{rect{background:url("//evil.example")}}</style>',
    ),
    'style with comments': file(
      '<style>rect{background:u/**/rl(//evil.example);fill:url(/**/"//evil.example")}</style>',
    ),
    'style that is broken': file(
      '<style>rect{fill:red;}} @import "//evil.example"; p{x:url(//evil.example</style>',
    ),
    'style that closes itself': file(
      '<style>a{font-family:"&lt;/style&gt;&lt;script&gt;alert(1)&lt;/script&gt;"}</style>',
    ),
    'style of HTML': file(
      '<style xmlns="http://www.w3.org/1999/xhtml">@import "//evil.example"</style>',
    ),
    'style sheet by instruction': `<?xml version="1.0"?><?xml-stylesheet href="https://evil.example/x.xsl" type="text/xsl"?>${file('')}`,
    animation: file(
      '<a id="x"><animate attributeName="href" values="javascript:alert(1)"/><set attributeName="onclick" to="alert(1)"/></a>',
    ),
    'address of the base': file('<use href="#x"/>', ' xml:base="https://evil.example/"'),
    comment: file('<!-- --><!--<script>alert(1)</script>-->'),
    'document type': `<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "https://evil.example/svg11.dtd">${file('')}`,
    'text that looks like tags': file('<desc>&lt;script&gt;</desc>'.replace('script', 'i')),
    'audio and video': file(
      '<video xmlns="http://www.w3.org/1999/xhtml" src="//evil.example"/><audio href="//evil.example"/>',
    ),
  }
  it.each(Object.entries(attacks))('%s', async (_, text) => {
    const answer = await served(text)
    // A font's name is text; what matters is that it stays within its element.
    const harmless = answer.replace(/"&lt;\/style&gt;&lt;script&gt;alert\(1\)&lt;\/script&gt;"/, '')
    expect(
      harmless.replaceAll('&quot;&lt;/style&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;', ''),
    ).not.toMatch(forbidden)
    expect(answer).toContain('<circle r="5"/></svg>')
    expect((await sharp(Buffer.from(answer)).metadata()).width).toBe(90)
  })
})

describe('what would grow or break is refused', () => {
  const laughs = Array.from(
    { length: 10 },
    (_, at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`,
  ).join('')
  const uses = Array.from(
    { length: 12 },
    (_, at) => `<g id="u${at + 1}">${`<use href="#u${at}"/>`.repeat(10)}</g>`,
  ).join('')
  const refused: Record<string, string> = {
    'billion laughs': `<!DOCTYPE svg [<!ENTITY l0 "ha">${laughs}]>${file('<text>&l10;</text>')}`,
    'a long entity many times': `<!DOCTYPE svg [<!ENTITY a "${'a'.repeat(190)}">]>${file(`<text>${'&a;'.repeat(50_000)}</text>`)}`,
    'a very long entity': `<!DOCTYPE svg [<!ENTITY a "${'a'.repeat(9000)}">]>${file('<text>&a;</text>')}`,
    'an entity of a file': `<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>${file('<text>&x;</text>')}`,
    'a parameter entity': `<!DOCTYPE svg [<!ENTITY % x SYSTEM "https://evil.example/x.dtd"> %x;]>${file('')}`,
    'an entity that is a tag': `<!DOCTYPE svg [<!ENTITY x "<script>alert(1)</script>">]>${file('&x;')}`,
    'an unknown entity': file('<text>&nbsp;</text>'),
    'uses of uses of uses': file(`<defs><rect id="u0"/>${uses}</defs><use href="#u12"/>`),
    'an element that uses itself': file(
      '<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>',
    ),
    'a pattern within itself': file(
      '<pattern id="p"><rect fill="url(#p)"/></pattern><rect style="fill:url(&quot;#p&quot;)"/>',
    ),
    'patterns of patterns by a style sheet': file(
      Array.from(
        { length: 8 },
        (_, at) =>
          `<style>.c${at}{fill:url(#p${at})}</style><pattern id="p${at}">${`<rect class="c${at + 1}"/>`.repeat(10)}</pattern>`,
      ).join(''),
    ),
    'patterns of patterns by names, escapes and ancestors': file(
      Array.from(
        { length: 9 },
        (_, at) =>
          `<style>@media screen{#p${at + 1}&gt;g:not(.x) r\\65 ct[x]{fill:url('#p%3${at}')}}</style><pattern id="p${at}"><g>${'<rect x="1"/>'.repeat(10)}</g></pattern>`,
      ).join(''),
    ),
    'patterns of patterns that are inherited': file(
      Array.from(
        { length: 9 },
        (_, at) =>
          `<pattern id="p${at + 1}"><g fill="url(#p${at})">${'<rect/>'.repeat(10)}</g></pattern>`,
      ).join(''),
    ),
    'patterns of patterns by a property of its own': file(
      Array.from(
        { length: 9 },
        (_, at) =>
          `<pattern id="p${at + 1}"><g style="--p:url(#p${at})">${'<rect style="fill:var(--p)"/>'.repeat(10)}</g></pattern>`,
      ).join(''),
    ),
    'markers at the corners of markers by a style sheet': file(
      Array.from(
        { length: 5 },
        (_, at) =>
          `<style>.c${at}{marker-mid:url(#m${at})}</style><marker id="m${at}"><path class="c${at + 1}" d="M0 0${'h1'.repeat(100)}"/></marker>`,
      ).join(''),
    ),
    'elements too deep': file('<g>'.repeat(5000) + '</g>'.repeat(5000)),
    'too many elements': file('<g/>'.repeat(60_000)),
    'an end that is missing': file('<g>'),
    'a tag that is broken': file('<rect <'),
    'two roots': `${file('')}${file('')}`,
    'a prefix that means nothing': file('<x:rect/>'),
    'an attribute twice': file('<rect x="1" x="2"/>'),
    'a picture within that is cut off': file(
      `<image href="data:image/png;base64,${png.slice(0, 60)}"/>`,
    ),
  }
  it.each(Object.entries(refused))('%s', async (_, text) => {
    expect(await status(text)).toBe(422)
  })

  it('a picture within that is a bomb', async () => {
    const huge = await sharp({
      create: { width: 8000, height: 5100, channels: 3, background: '#fff' },
    })
      .png({ palette: true })
      .toBuffer()
    const href = `data:image/png;base64,${huge.toString('base64')}`
    expect(await status(file(`<image href="${href}"/>`))).toBe(422)
  })

  it('pictures within that are too much together', async () => {
    const large = await sharp({
      create: { width: 5000, height: 5000, channels: 3, background: '#fff' },
    })
      .png({ palette: true })
      .toBuffer()
    const image = `<image href="data:image/png;base64,${large.toString('base64')}"/>`
    expect(await status(file(image + image))).toBe(422)
  }, 60_000)
})
