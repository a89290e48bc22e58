import type { FragmentAnswer } from '@colonnade/http'
import { ask, draw, type Mark, type Quiz, score } from '@colonnade/questions'
import { answerTo } from '@colonnade/questions-ui'
import { Breadcrumb, localPath, renderHtml, type Translator, WorkCard } from '@colonnade/ui'
import { createElement, type ReactElement } from 'react'
import { coursePath, itemPath, lessonPath } from '../contract.ts'
import css from '../elements/quiz.module.css'
import type { LessonPage } from '../queries/lesson.ts'
import { QuizForm } from './quiz-form.tsx'

/** What the questions of a lesson page are drawn by, the same for everyone, so that the page is. */
const pageSeed = '1'

/** Puts each quiz's form, or the way to it where it counts, into its box in the lesson's text. */
export function withQuizzes(html: string, lesson: LessonPage, t: Translator): string {
  const byKey = new Map(lesson.quizzes.map((quiz) => [quiz.key, quiz]))
  return html.replace(
    /(<section class="ln-(?:quiz|assignment)" id="([^"]*)">)((?:(?!<\/section>)[\s\S])*)<\/section>/g,
    (whole, open: string, key: string, title: string) => {
      const quiz = byKey.get(key)
      if (!quiz) return whole
      const counting = lesson.graded.find((one) => one.quiz === key)
      const inside = counting ? (
        <Card quiz={quiz} counting={counting} lesson={lesson} t={t} />
      ) : (
        <QuizBox quiz={quiz} seed={pageSeed} lesson={lesson} t={t} />
      )
      return `${open}${title}${renderHtml(inside)}</section>`
    },
  )
}

/** What counts is answered on the learner's own page: this one is the same for everyone. */
function Card(props: {
  quiz: Quiz
  counting: LessonPage['graded'][number]
  lesson: LessonPage
  t: Translator
}): ReactElement {
  const { quiz, counting, lesson, t } = props
  const { attempts, minutes, due } = counting.graded
  return (
    <WorkCard
      t={t}
      kind={counting.kind}
      href={localPath(t.lang, itemPath(lesson.courseSlug, counting.item))}
      questions={quiz.draw ?? quiz.questions.length}
      points={pointsOf(quiz)}
      attempts={attempts}
      minutes={minutes}
      due={due}
    />
  )
}

/** What there is to earn; null where it depends on which questions are drawn. */
function pointsOf({ draw: count, questions }: Quiz): number | null {
  const points = questions.map((one) => one.points)
  const [first = 0] = points
  if (count === null || count === questions.length) return points.reduce((a, b) => a + b, 0)
  return points.every((one) => one === first) ? count * first : null
}

/** A quiz on a page of its own: its marks when it was answered, else its questions. */
export function renderQuiz(
  quiz: Quiz,
  given: { seed: string; answers: string },
  lesson: LessonPage,
  t: Translator,
): FragmentAnswer {
  const title = quiz.title || lesson.title
  const own = { lang: lesson.language, dir: lesson.direction }
  const back = localPath(t.lang, lessonPath(lesson.courseSlug, lesson.slug))
  const fields = given.answers === '' ? undefined : new URLSearchParams(given.answers)
  return {
    html: renderHtml(
      <section id="quiz" aria-labelledby="quiz-title" className={`wrap ${css.page}`}>
        <Breadcrumb
          t={t}
          crumbs={[
            { label: lesson.courseTitle, href: localPath(t.lang, coursePath(lesson.courseSlug)) },
            { label: lesson.title, href: `${back}#${quiz.key}` },
            { label: title },
          ]}
        />
        <h1 id="quiz-title" className={css.title} {...own}>
          {title}
        </h1>
        <QuizBox quiz={quiz} seed={given.seed || pageSeed} fields={fields} lesson={lesson} t={t} />
        <p>
          <a href={`${back}#${quiz.key}`}>{t.t('quiz.back')}</a>
        </p>
      </section>,
    ),
    tags: [`course:${lesson.courseId}`],
    maxAge: 60,
    meta: {
      title: `${title} · ${lesson.courseTitle}`,
      canonical: lessonPath(lesson.courseSlug, lesson.slug),
      noindex: true,
    },
  }
}

function QuizBox(props: {
  quiz: Quiz
  seed: string
  fields?: URLSearchParams | undefined
  lesson: LessonPage
  t: Translator
}): ReactElement {
  const { quiz, seed, fields, lesson, t } = props
  const marks: Map<string, Mark> | undefined =
    fields && new Map(draw(quiz, seed).map((one) => [one.key, score(one, answerTo(one, fields))]))
  const action = `${lessonPath(lesson.courseSlug, lesson.slug)}/quizzes/${encodeURIComponent(quiz.key)}`
  const query = new URLSearchParams({
    course: String(lesson.courseId),
    lesson: lesson.slug,
    quiz: quiz.key,
    lang: t.lang,
  })
  const form = (
    <QuizForm
      asked={ask(quiz, seed)}
      marks={marks}
      fields={fields ?? new URLSearchParams()}
      action={`${action}/answers`}
      other={
        fields && quiz.draw !== null
          ? `${localPath(t.lang, action)}?seed=${(Number(seed) || 1) + 1}`
          : undefined
      }
      own={{ lang: lesson.language, dir: lesson.direction }}
      t={t}
    />
  )
  return createElement(
    'quiz-box',
    {
      'data-key': quiz.key,
      'data-quiz': `${lesson.courseId}-${lesson.slug}-${quiz.key}`,
      'data-fragment': `/fragments/courses/quiz?${query}`,
    },
    form,
  )
}
