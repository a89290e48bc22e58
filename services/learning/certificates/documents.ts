import type { Sql } from '@colonnade/db'
import { Problem, seeOther } from '@colonnade/http'
import { defaultLanguage, findLanguage, localPath, translator } from '@colonnade/ui'
import type { Hono } from 'hono'
import { z } from 'zod'
import { type Certificate, certificatePath } from './certificate.ts'
import type { Site } from './issuer.ts'
import { findCertificate } from './queries.ts'

/**
 * The PDF of a certificate, in the language asked for, else the course's. Where there is none, because the certificate is revoked, has no name any more,
 * or needs letters that our fonts do not have, its page says why.
 */
export function mountDocuments(app: Hono, sql: Sql, site: Site): void {
  app.get('/certificates/:id/certificate.pdf', async (c) => {
    const id = z.uuid().safeParse(c.req.param('id'))
    const certificate = id.success ? await findCertificate(sql, id.data) : undefined
    if (!certificate) throw new Problem(404, 'There is no certificate with this number.')
    const lang = findLanguage(c.req.query('lang') ?? certificate.course.language) ?? defaultLanguage
    const { learner } = certificate
    if (learner === null || certificate.revoked || !(await isDrawable(certificate, site))) {
      return seeOther(localPath(lang, certificatePath(certificate.id)))
    }
    const { certificatePdf } = await import('./pdf.ts')
    const bytes = await certificatePdf({ ...certificate, learner }, site, translator(lang))
    return new Response(bytes, {
      headers: {
        'Content-Type': 'application/pdf',
        'Content-Disposition': `inline; filename="${certificate.course.slug}.pdf"`,
        'Cache-Control': 'no-store',
        'X-Robots-Tag': 'noindex',
      },
    })
  })
}

/** Whether our fonts have every letter of what stands on it. */
export async function isDrawable(
  { learner, course, organisations, grade }: Certificate,
  { name }: Site,
): Promise<boolean> {
  const { canSet } = await import('./faces.ts')
  return await canSet(
    [learner ?? '', course.title, ...organisations, grade?.threshold ?? '', name].join(' '),
  )
}
