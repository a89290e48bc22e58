import { Problem, readBody } from '@colonnade/http'
import { defaultLanguage, findLanguage, renderHtml, translator } from '@colonnade/ui'
import type { Hono } from 'hono'
import { createElement } from 'react'
import { z } from 'zod'
import { findEnrolmentOf } from '../queries/enrolments.ts'
import type { Learning } from '../running.ts'
import { adopt, kept } from './adopt.ts'
import { findHere } from './find.ts'
import { Here } from './here.tsx'

const asked = z.object({
  course: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER),
  lesson: z.string().max(1000).optional(),
  lang: z.string().max(20).default(defaultLanguage),
})

/**
 * `/my/here`: a learner's own part of a public page, fetched beside it, so that the page stays the same for everyone. For who
 * is not enrolled it is 204: what the page says already holds. With POST it turns what the browser kept before they had an
 * account into entries for their log.
 */
export function mountHere(app: Hono, learning: Learning): void {
  const { db, access, plans } = learning

  async function enrolled(request: Request, courseId: number) {
    const person = await access.learner(request)
    const enrolment = await findEnrolmentOf(db.hot, person.id, courseId)
    const plan =
      enrolment?.leftAt === null ? await plans.of(courseId, enrolment.revision) : undefined
    return enrolment && plan ? { enrolment, plan } : undefined
  }

  app.get('/my/here', async (c) => {
    const query = asked.safeParse(c.req.query())
    if (!query.success) throw new Problem(404, 'There is no such course.')
    const { course, lesson, lang } = query.data
    const found = await enrolled(c.req.raw, course)
    if (!found) return new Response(null, { status: 204, headers: own })
    const data = await findHere(learning, found.plan, found.enrolment, lesson)
    const t = translator(findLanguage(lang) ?? defaultLanguage)
    const html = renderHtml(createElement(Here, { data, t }))
    return new Response(html, { headers: { ...own, 'Content-Type': 'text/html; charset=utf-8' } })
  })

  app.post('/my/here', async (c) => {
    const bytes = await readBody(c.req.raw, 1024 * 1024)
    const given = kept.safeParse(parse(new TextDecoder().decode(bytes)))
    if (!given.success) throw new Problem(422, 'This is not what a browser keeps of a course.')
    const found = await enrolled(c.req.raw, given.data.course)
    if (!found) throw new Problem(404, 'There is no such enrolment of yours.')
    const { enrolment, plan } = found
    const entries = adopt(plan, given.data)
    return Response.json({ enrolment: enrolment.id, entries }, { headers: own })
  })
}

const own = { 'Cache-Control': 'private, no-store' }

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
