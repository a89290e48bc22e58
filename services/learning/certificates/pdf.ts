import type { Translator } from '@colonnade/ui'
import PDFDocument from 'pdfkit'
import { type Certificate, certificatePath } from './certificate.ts'
import type { Run, Voice } from './faces.ts'
import { factsOf } from './facts.ts'
import type { Issuer } from './issuer.ts'
import { drawColonnade } from './pdf-colonnade.ts'
import { qrPath } from './qr.ts'
import { type Block, typeset } from './typeset.ts'

// A4, lying; the light theme's colours (packages/ui/elements/tokens.css).
const page = { width: 841.89, height: 595.28, margin: 56 }
const ink = '#14201e'
const quiet = '#4c5b57'
const code = 104
/** Words end before the code begins. */
const measureWidth = page.width - 2 * page.margin - code - 48

/**
 * A certificate as PDF: tagged (PDF/UA-1), every font embedded, the code a picture with a text of its own.
 * @throws NoLetters when the name or the title is in a script that our fonts do not have
 */
export async function certificatePdf(
  certificate: Certificate & { learner: string },
  issuer: Issuer,
  t: Translator,
): Promise<Uint8Array<ArrayBuffer>> {
  const { course, organisations, issuedAt } = certificate
  const title = `${t.t('certificate.title')}: ${course.title} – ${certificate.learner}`
  const doc = new PDFDocument({
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
      Title: title,
      Author: issuer.name,
      CreationDate: new Date(issuedAt),
      ModDate: new Date(issuedAt),
    },
  })
  const chunks: Buffer[] = []
  doc.on('data', (chunk: Buffer) => chunks.push(chunk))
  const ended = new Promise<void>((resolve, reject) => {
    doc.on('end', resolve)
    doc.on('error', reject)
  })

  const known = new Set<string>()
  const use = ({ face }: Run, size: number) => {
    if (!known.has(face.key)) doc.registerFont(face.key, face.bytes)
    known.add(face.key)
    return doc.font(face.key).fontSize(size)
  }
  const set = (
    text: string,
    voice: Voice,
    sizes: readonly number[],
    { lines = 1, width = measureWidth } = {},
  ) =>
    typeset(text, { voice, width, sizes, lines }, (run, size) =>
      use(run, size).widthOfString(run.text),
    )
  const draw = (block: Block, x: number, y: number, { leading = 1.2, color = ink } = {}) => {
    block.lines.forEach((line, at) => {
      let from = x
      for (const run of line.runs) {
        use(run, block.size)
          .fillColor(color)
          .text(run.text, from, y + at * block.size * leading, {
            lineBreak: false,
            baseline: 'alphabetic',
          })
        from += doc.widthOfString(run.text)
      }
    })
    return y + (block.lines.length - 1) * block.size * leading
  }

  const address = issuer.url + certificatePath(certificate.id)
  const site = await set(issuer.name, 'strong', [15, 12])
  const heading = await set(t.t('certificate.title'), 'plain', [14])
  const learner = await set(certificate.learner, 'name', [52, 44, 37, 30, 24, 18, 14, 11, 9], {
    lines: 2,
  })
  const has = await set(t.t('certificate.completed'), 'plain', [14])
  const what = await set(course.title, 'strong', [27, 23, 19, 16, 13, 11], { lines: 2 })
  const by = await set(
    organisations.length === 0 ? '' : t.t('certificate.by', { names: t.list(organisations) }),
    'plain',
    [12, 10, 8],
    { lines: 2 },
  )
  const facts = await set(
    factsOf(certificate, t)
      .map(({ label, value }) => `${label}: ${value}`)
      .join('  ·  '),
    'plain',
    [10.5, 9, 7.5],
    { lines: 2, width: page.width - 2 * page.margin },
  )
  const check = await set(t.t('certificate.scan'), 'plain', [9, 8, 7], { lines: 3, width: code })
  const link = await set(address, 'plain', [7.5], { lines: 4, width: code })

  const left = page.margin
  const right = page.width - page.margin - code
  doc.markContent('Artifact')
  drawColonnade(doc, certificate.modules, {
    x: 0,
    y: 378,
    width: page.width,
    height: 150,
    inset: page.margin,
  })
  doc.endMarkedContent()

  const root = doc.struct('Document')
  doc.addStructure(root)
  const add = (type: string, drawing: () => void, options = {}) => {
    root.add(doc.struct(type, options, [drawing]))
  }
  let y = 0
  add('P', () => draw(site, left, 70))
  add('H1', () => draw(heading, left, 122, { color: quiet }))
  add('P', () => {
    y = draw(learner, left, 128 + learner.size, { leading: 1.15 })
  })
  add('P', () => {
    y = draw(has, left, y + 34, { color: quiet })
  })
  add(
    'P',
    () => {
      y = draw(what, left, y + 10 + what.size)
    },
    { lang: course.language },
  )
  if (organisations.length > 0) {
    add('P', () => {
      draw(by, left, y + 22, { color: quiet })
    })
  }
  add('P', () => draw(facts, left, 560 - (facts.lines.length - 1) * 6))
  const { path, size } = qrPath(address)
  add(
    'Figure',
    () => {
      doc
        .save()
        .translate(right, 58)
        .scale(code / size)
      doc.path(path).fill(ink)
      doc.restore()
    },
    {
      alt: t.t('certificate.code', { address }),
      bbox: [right, 58, right + code, 58 + code],
      placement: 'Block',
    },
  )
  add('P', () => draw(check, right, 58 + code + 18, { color: quiet }))
  const under = 58 + code + 18 + check.lines.length * check.size * 1.2 + 4
  const anchor = doc.struct('Link')
  anchor.add(() => draw(link, right, under))
  root.add(anchor)
  doc.link(right, under - 10, code, link.lines.length * link.size * 1.2 + 10, address, {
    structParent: anchor,
    Contents: new String(t.t('certificate.verify')),
  })
  anchor.end()
  root.end()
  doc.end()
  await ended
  return new Uint8Array(Buffer.concat(chunks))
}
