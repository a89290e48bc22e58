import { readBody } from '@colonnade/http'
import { refused } from '@colonnade/personal'
import { storable } from '../api/internal.ts'
import { deskPath } from '../contract.ts'
import { renderQuiz } from '../fragments/quiz.tsx'
import { findLesson } from '../queries/lesson.ts'
import { longestAnswers } from '../quizzes/longest.ts'
import { htmlOf, previewPage } from './preview.tsx'
import type { AtCourse } from './who.ts'

/** A quiz of the draft, with its marks when it was answered. */
export async function previewQuiz(at: AtCourse): Promise<Response> {
  const { visit, course, db, params } = at
  const slug = storable(params.lesson ?? '')
  const lesson = slug ? await findLesson(db.work, course.id, slug, 'draft') : undefined
  const quiz = lesson?.quizzes.find(({ key }) => key === params.quiz)
  if (!lesson || !quiz) return refused(visit, 404)
  const given = {
    seed: (visit.query.get('seed') ?? '').slice(0, 40),
    answers: visit.query.get('answers') ?? '',
  }
  const html = htmlOf(renderQuiz(quiz, given, lesson, visit.t))
  return previewPage(at, { slug: lesson.courseSlug }, quiz.title || lesson.title, html)
}

/** Takes the quiz's form, and leads to its marks. */
export async function markQuiz({ visit, course, params }: AtCourse): Promise<Response> {
  const { lesson = '', quiz = '' } = params
  const body = await readBody(visit.request, 64 * 1024)
  const form = new URLSearchParams(new TextDecoder().decode(body))
  const seed = form.get('seed') ?? ''
  form.delete('lang')
  form.delete('seed')
  const answers = new URLSearchParams([...form].filter(([, value]) => value !== '')).toString()
  const query = new URLSearchParams({ seed, answers: answers.slice(0, longestAnswers) || 'none' })
  const names = [lesson, quiz].map(encodeURIComponent)
  return visit.goTo(
    `${deskPath(course.slug)}/preview/lessons/${names[0]}/quizzes/${names[1]}?${query}`,
  )
}
