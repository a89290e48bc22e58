import type { Translator } from '@colonnade/ui'
import PDFDocument from 'pdfkit'
import { type Certificate, certificatePath } from './certificate.ts'
import { factsOf } from './facts.ts'
import type { Site } from './issuer.ts'
import { heightOf, letteringOf } from './lettering.ts'
import { drawColonnade } from './pdf-colonnade.ts'
import { qrPath } from './qr.ts'

// A4, lying; the light theme's colours (packages/ui/elements/tokens.css).
const page = { width: 841.89, height: 595.28 }
const left = 56
const full = page.width - 2 * left
/** The code and what stands below it, at the right. */
const code = { x: page.width - left - 104, y: 58, width: 104 }
/** The words beside it. */
const words = code.x - 48 - left
const ink = '#14201e'
const quiet = '#4c5b57'

/**
 * A certificate as PDF: tagged (PDF/UA-1), every font embedded, the code a picture with a text of its own.
 * @throws Error when something on it is in a script that our fonts do not have; `isDrawable` tells before
 */
export async function certificatePdf(
  certificate: Certificate & { learner: string },
  site: Site,
  t: Translator,
): Promise<Uint8Array<ArrayBuffer>> {
  const { course, organisations, learner, modules } = certificate
  const address = site.url + certificatePath(certificate.id)
  const doc = openDocument(certificate, site, t)
  const bytes = bytesOf(doc)
  const { set, draw } = letteringOf(doc)

  const facts = factsOf(certificate, t).map(({ label, value }) => `${label}: ${value}`)
  const by =
    organisations.length === 0 ? '' : t.t('certificate.by', { names: t.list(organisations) })
  const text = {
    title: await set(site.name, 'strong', { width: words, sizes: [15, 12] }),
    kind: await set(t.t('certificate.title'), 'plain', { width: words, sizes: [14] }),
    name: await set(learner, 'name', {
      ...{ width: words, lines: 2, sizes: [52, 44, 37, 30, 24, 18, 14, 11, 9] },
    }),
    completed: await set(t.t('certificate.completed'), 'plain', { width: words, sizes: [14] }),
    course: await set(course.title, 'strong', {
      ...{ width: words, lines: 2, sizes: [27, 23, 19, 16, 13, 11] },
    }),
    by: await set(by, 'plain', { width: words, lines: 2, sizes: [12, 10, 8] }),
    facts: await set(facts.join('  ·  '), 'plain', {
      ...{ width: full, lines: 2, sizes: [10.5, 9, 7.5] },
    }),
    scan: await set(t.t('certificate.scan'), 'plain', {
      ...{ width: code.width, lines: 3, sizes: [9, 8, 7] },
    }),
    address: await set(address, 'plain', { width: code.width, lines: 4, sizes: [7.5] }),
  }

  doc.markContent('Artifact')
  drawColonnade(doc, modules, { x: 0, y: 378, width: page.width, height: 150, inset: left })
  doc.endMarkedContent()

  const root = doc.struct('Document')
  doc.addStructure(root)
  const add = (type: string, drawing: () => void, options: object = {}) =>
    root.add(doc.struct(type, options, [drawing]))
  let y = 70
  add('P', () => draw(text.title, { x: left, y, color: ink }))
  y = 122
  add('H1', () => draw(text.kind, { x: left, y, color: quiet }))
  y += 6 + text.name.size
  add('P', () => draw(text.name, { x: left, y, color: ink }))
  y += heightOf(text.name) + 34
  add('P', () => draw(text.completed, { x: left, y, color: quiet }))
  y += 10 + text.course.size
  const own = { lang: course.language }
  add('P', () => draw(text.course, { x: left, y, color: ink }), own)
  y += heightOf(text.course) + 22
  if (by !== '') add('P', () => draw(text.by, { x: left, y, color: quiet }))
  y = 560 - heightOf(text.facts) / 2
  add('P', () => draw(text.facts, { x: left, y, color: ink }))

  const bottom = code.y + code.width
  add('Figure', () => drawCode(doc, address), {
    alt: t.t('certificate.code', { address }),
    bbox: [code.x, code.y, code.x + code.width, bottom],
    placement: 'Block',
  })
  y = bottom + 18
  add('P', () => draw(text.scan, { x: code.x, y, color: quiet }))
  y += heightOf(text.scan) + 14
  const link = doc.struct('Link')
  link.add(() => draw(text.address, { x: code.x, y, color: ink }))
  root.add(link)
  doc.link(code.x, y - 8, code.width, heightOf(text.address) + 12, address, {
    structParent: link,
    Contents: new String(t.t('certificate.verify')),
  })
  link.end()
  root.end()
  doc.end()
  return await bytes
}

function openDocument(
  { course, learner, issuedAt }: Certificate & { learner: string },
  site: Site,
  t: Translator,
): PDFDocument {
  return new PDFDocument({
    size: [page.width, page.height],
    margin: 0,
    // No standard font: those cannot be embedded.
    font: '',
    tagged: true,
    subset: 'PDF/UA',
    pdfVersion: '1.7',
    lang: t.lang,
    displayTitle: true,
    info: {
      Title: `${t.t('certificate.title')}: ${course.title} – ${learner}`,
      Author: site.name,
      CreationDate: new Date(issuedAt),
      ModDate: new Date(issuedAt),
    },
  })
}

/** All that a document comes to, once it is ended. */
function bytesOf(doc: PDFDocument): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Buffer[] = []
  doc.on('data', (chunk) => chunks.push(chunk))
  return new Promise((resolve, reject) => {
    doc.on('end', () => resolve(new Uint8Array(Buffer.concat(chunks))))
    doc.on('error', reject)
  })
}

function drawCode(doc: PDFDocument, address: string): void {
  const { path, size } = qrPath(address)
  doc.save().translate(code.x, code.y)
  doc.scale(code.width / size)
  doc.path(path).fill(ink)
  doc.restore()
}
