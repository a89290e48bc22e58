import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { xmlText } from '../sniff.ts'
import { cleanSvg } from './clean-svg.ts'

const file = (inside: string, more = 'width="90" height="60"') =>
  `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${more}>${inside}</svg>`

/** What comes out, without its root's own tag. */
async function inside(text: string): Promise<string> {
  const clean = (await cleanSvg(text)).text
  return clean.slice(clean.indexOf('>') + 1).replace('</svg>', '')
}

describe('what a picture needs is kept', () => {
  it('gradients, patterns, uses, markers, filters and text', async () => {
    const picture =
      '<title>A</title><desc>B</desc><defs>' +
      '<linearGradient id="a" x1="0"><stop offset="0" stop-color="#fff"/></linearGradient>' +
      '<marker id="m" markerWidth="3" orient="auto"><path d="M0 0"/></marker>' +
      '<filter id="f"><feGaussianBlur stdDeviation="2"/></filter>' +
      '<clipPath id="c" clipPathUnits="userSpaceOnUse"><rect width="5" height="5"/></clipPath></defs>' +
      '<g transform="translate(1 2)" class="x y" clip-path="url(#c)"><use href="#b"/></g>' +
      '<path id="b" d="M0 0h9" fill="url(#a)" marker-end="url(#m)" filter="url(#f)" stroke-width="2"/>' +
      '<text x="1" y="2" text-anchor="middle" xml:space="preserve">a  <tspan dy="1em">b &amp; c</tspan></text>'
    expect(await inside(file(picture))).toBe(picture)
  })

  it('references by xlink, as plain ones', async () => {
    expect(await inside(file('<g id="a"/><use xlink:href="#a"/>'))).toBe(
      '<g id="a"/><use href="#a"/>',
    )
  })

  it('style sheets and style attributes, their addresses within the file', async () => {
    expect(
      await inside(
        file(
          '<style type="text/css"><![CDATA[ .a > b { fill: url("#g"); stroke: #F00 } @media (prefers-color-scheme: dark) { .a { fill: #fff } } ]]></style>',
        ),
      ),
    ).toBe(
      '<style type="text/css">.a&gt;b{fill:url(#g);stroke:#F00}@media (prefers-color-scheme:dark){.a{fill:#fff}}</style>',
    )
    expect(
      await inside(
        file(
          '<g style="fill:none;stroke:#000;-inkscape-font-specification:Arial;font-family:\'A B\', serif"/>',
        ),
      ),
    ).toBe('<g style="fill:none;stroke:#000;font-family:&quot;A B&quot;,serif"/>')
  })

  it('many clips by classes, as Illustrator writes them, and arrows for every line', async () => {
    const clips = Array.from(
      { length: 60 },
      (_, at) =>
        `<clipPath id="c${at}"><rect width="9"/><rect height="9"/></clipPath><g class="s${at}"><path d="M0 0h9"/></g>`,
    ).join('')
    const rules = Array.from({ length: 60 }, (_, at) => `.s${at}{clip-path:url(#c${at})}`).join('')
    const arrow = '<marker id="m"><path d="M0 0h9v9z"/></marker>'
    const picture = `<style>${rules}.lines path{marker-end:url(#m)}</style>${arrow}<g class="lines">${clips}</g>`
    expect(await inside(file(picture))).toBe(picture)
  })

  it('what is drawn by Inkscape, without its own notes', async () => {
    const drawn =
      '<sodipodi:namedview xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd" pagecolor="#fff"/>' +
      '<metadata><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></metadata>' +
      '<g xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" inkscape:label="Layer 1" inkscape:groupmode="layer" id="l"><path d="M0 0" inkscape:connector-curvature="0"/></g>'
    expect(await inside(file(drawn))).toBe('<g id="l"><path d="M0 0"/></g>')
  })

  it('what draw.io shows to programs without HTML', async () => {
    const drawn =
      '<switch><foreignObject requiredFeatures="http://www.w3.org/TR/SVG11/feature#Extensibility"><div xmlns="http://www.w3.org/1999/xhtml">Label</div></foreignObject><text x="5">Label</text></switch>' +
      '<switch><g requiredFeatures="http://www.w3.org/TR/SVG11/feature#Extensibility"/><a xlink:href="https://www.drawio.com/"><text>Text is not SVG</text></a></switch>'
    expect(await inside(file(drawn))).toBe(
      '<switch><text x="5">Label</text></switch><switch><g/><a><text>Text is not SVG</text></a></switch>',
    )
  })

  it('namespaces by entities, as Illustrator writes them', async () => {
    const drawn =
      '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd" [ <!ENTITY ns_svg "http://www.w3.org/2000/svg"> <!ENTITY ns_x "http://ns.adobe.com/Extensibility/1.0/"> ]>' +
      '<svg xmlns="&ns_svg;" xmlns:x="&ns_x;" x:viewOrigin="0 0" width="9" height="9"><rect x="1"/></svg>'
    expect(await inside(drawn)).toBe('<rect x="1"/>')
  })

  it('pictures within, cleaned like others', async () => {
    const secret = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#f00' } })
      .jpeg()
      .withExif({ IFD0: { Copyright: 'secret place' } })
      .toBuffer()
    const lines = secret.toString('base64').replace(/.{40}/g, '$&\n')
    const clean = await inside(
      file(`<image width="8" height="8" xlink:href="data:image/jpeg;base64,${lines}"/>`),
    )
    const [, type, data = ''] = /href="data:(image\/(?:png|jpeg));base64,([^"]*)"/.exec(clean) ?? []
    expect(type).toBeDefined()
    const kept = Buffer.from(data, 'base64')
    expect(kept.toString('latin1')).not.toContain('secret')
    expect(await sharp(kept).metadata()).toMatchObject({ width: 8, height: 8 })
  })

  it('is read in the encoding that it has', async () => {
    const text = `<?xml version="1.0" encoding="ISO-8859-1"?>${file('<text>órbita</text>')}`
    const utf16 = Buffer.from(`\ufeff${file('<text>órbita</text>')}`, 'utf16le')
    for (const bytes of [
      Buffer.from(text, 'latin1'),
      utf16,
      Buffer.from(file('<text>órbita</text>')),
    ]) {
      expect(await inside(xmlText(bytes) ?? '')).toBe('<text>órbita</text>')
    }
  })
})

describe('size', () => {
  const sizes: [attributes: string, width: number, height: number, viewBox: string][] = [
    ['width="90" height="60"', 90, 60, '0 0 90 60'],
    ['width="210mm" height="297mm" viewBox="0 0 210 297"', 794, 1123, '0 0 210 297'],
    ['width="1in" height="72pt"', 96, 96, '0 0 96 96'],
    ['viewBox="0 0 720 400"', 720, 400, '0 0 720 400'],
    ['viewBox="0,0 , 720,400" width="100%" height="100%"', 720, 400, '0,0 , 720,400'],
    ['viewBox="0 0 200 100" width="50"', 50, 25, '0 0 200 100'],
    ['viewBox="0 0 200 100" height="50"', 100, 50, '0 0 200 100'],
    ['', 300, 150, '0 0 300 150'],
    ['width="-5" height="NaN" viewBox="0 0 -1 x"', 300, 150, '0 0 300 150'],
    ['width="1e300" height="1e300"', 16_000, 16_000, '0 0 1e+300 1e+300'],
    ['width="0.1" height="0.1"', 1, 1, '0 0 0.1 0.1'],
  ]
  for (const [attributes, width, height, viewBox] of sizes) {
    it(`of ${attributes || 'nothing'}`, async () => {
      const clean = await cleanSvg(file('', attributes))
      expect([clean.width, clean.height]).toEqual([width, height])
      expect(clean.text).toContain(`width="${width}"`)
      expect(clean.text).toContain(`viewBox="${viewBox}"`)
    })
  }
})

/** The figures of our own courses look the same afterwards, pixel by pixel but for the edges. */
describe('real figures', () => {
  const content = join(import.meta.dirname, '../../../../content')
  const figures = readdirSync(content, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.svg'),
  )
  it('are not changed', async () => {
    expect(figures.length).toBeGreaterThan(5)
    for (const path of figures) {
      const before = readFileSync(join(content, path))
      const after = await cleanSvg(xmlText(before) ?? '')
      const draw = (svg: Buffer) =>
        sharp(svg)
          .flatten({ background: '#fff' })
          .resize(600, 400, { fit: 'fill' })
          .blur(2)
          .raw()
          .toBuffer()
      const [one, other] = [await draw(before), await draw(Buffer.from(after.text))]
      const differ = one.filter((value, at) => Math.abs(value - (other[at] ?? 0)) > 16).length
      expect({ path, differs: differ / one.length > 0.001 }).toEqual({ path, differs: false })
    }
  }, 60_000)
})
