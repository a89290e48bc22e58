import type { Sql } from '@colonnade/db'
import { Problem, readBody } from '@colonnade/http'
import { defaultLanguage, findLanguage, localPath } from '@colonnade/ui'
import type { Hono } from 'hono'
import { storable } from '../api/internal.ts'
import { lessonPath } from '../contract.ts'
import { isGraded } from '../queries/lesson.ts'
import { longestAnswers } from './longest.ts'

/** Takes a quiz's form where no JavaScript runs, and leads to the page that marks it. */
export function mountQuizzes(app: Hono, db: { hot: Sql }): void {
  app.post('/learn/:slug/lessons/:lesson/quizzes/:quiz/answers', async (c) => {
    const type = c.req.header('content-type')?.split(';')[0]?.trim()
    if (type !== 'application/x-www-form-urlencoded') throw new Problem(415, 'Send a form.')
    const body = await readBody(c.req.raw, 64 * 1024)
    const form = new URLSearchParams(new TextDecoder().decode(body))
    const lang = findLanguage(form.get('lang') ?? '') ?? defaultLanguage
    const seed = form.get('seed') ?? ''
    form.delete('lang')
    form.delete('seed')
    // A browser sends what was left empty, too.
    const given = [...form].filter(([, value]) => value !== '')
    const answers = new URLSearchParams(given).toString()
    if (answers.length > longestAnswers) throw new Problem(413, 'These answers are too long.')
    const { slug, lesson, quiz } = c.req.param()
    if ([slug, lesson, quiz].every(storable) && (await isGraded(db.hot, slug, lesson, quiz))) {
      throw new Problem(404, 'This quiz counts: it is answered on the learner’s own page.')
    }
    const query = new URLSearchParams({ seed, answers: answers === '' ? 'none' : answers })
    const page = `${localPath(lang, lessonPath(slug, lesson))}/quizzes/${encodeURIComponent(quiz)}`
    return c.redirect(`${page}?${query}`, 303)
  })
}
