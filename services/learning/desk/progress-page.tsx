import { lessonPath } from '@colonnade/courses/contract'
import { Html, Section } from '@colonnade/ui'
import type { ReactElement } from 'react'
import { percent } from '../pages/course.tsx'
import { ownOf } from '../pages/head.tsx'
import { nameOf } from '../pages/standing.ts'
import { listFirstAttempts, listLessonFigures } from '../queries/teaching.ts'
import { analyse, type QuestionAnalysis } from '../teaching/analysis.ts'
import type { AtCourse } from './at-course.ts'
import css from './desk.module.css'
import { DeskSheet, titleOf } from './frame.tsx'

/** Attempts that an analysis looks at. */
const mostAnalysed = 20_000

type Analysis = { key: string; title: string; attempts: number; questions: QuestionAnalysis[] }

/** Where learners are and where they stop, lesson by lesson; and how each question of what counts does. */
export async function showProgress(at: AtCourse): Promise<Response> {
  const { visit, plan, db } = at
  const figures = new Map(
    (await listLessonFigures(db.work, plan.courseId)).map((one) => [one.lesson, one]),
  )
  const analyses: Analysis[] = []
  for (const { key, title, quiz, graded } of plan.items.values()) {
    if (!quiz || !graded) continue
    const attempts = await listFirstAttempts(db.work, plan.courseId, key, mostAnalysed)
    const questions = analyse(quiz, attempts)
    analyses.push({ key, title, attempts: attempts.length, questions })
  }
  const most = Math.max(1, ...[...figures.values()].map(({ reached }) => reached))
  const { t, local } = visit
  const own = ownOf(nameOf(plan))
  return visit.page(
    <>
      <DeskSheet at={at} title="desk.progress" current="/progress">
        <p className={css.words}>{t.t('desk.progress.what')}</p>
        <div className={css.scroll}>
          <table className={css.table}>
            <thead>
              <tr>
                <th scope="col">{t.t('desk.progress.lesson')}</th>
                <th scope="col">{t.t('desk.progress.reached')}</th>
                <th scope="col">{t.t('desk.progress.done')}</th>
                <th scope="col">{t.t('desk.progress.left')}</th>
                <th scope="col">{t.t('desk.progress.time')}</th>
              </tr>
            </thead>
            <tbody>
              {[...plan.lessons.values()].map(({ key, slug, title }) => {
                const { reached = 0, done = 0, left = 0, seconds = 0 } = figures.get(key) ?? {}
                return (
                  <tr key={key}>
                    <th scope="row">
                      <a href={local(lessonPath(plan.slug, slug))} {...own}>
                        {title}
                      </a>
                    </th>
                    <td className={css.number}>
                      <Bar share={reached / most} /> {t.number(reached)}
                    </td>
                    <td className={css.number}>{t.number(done)}</td>
                    <td className={css.number}>{t.number(left)}</td>
                    <td className={css.number}>{t.duration(Math.round(seconds / 60))}</td>
                  </tr>
                )
              })}
            </tbody>
          </table>
        </div>
      </DeskSheet>
      {analyses.map((one) => (
        <Section key={one.key} id={`item-${one.key}`} title={one.title}>
          <ItemAnalysis analysis={one} at={at} />
        </Section>
      ))}
    </>,
    titleOf(at, 'desk.progress'),
  )
}

/** A share from 0 to 1 to be seen at a glance; the figure stands beside it. */
function Bar({ share }: { share: number }): ReactElement {
  return (
    <svg className={css.bar} viewBox="0 0 60 8" width={60} height={8} aria-hidden="true">
      <rect className={css.barGround} width={60} height={8} />
      <rect className={css.barFill} width={Math.round(60 * share * 10) / 10} height={8} />
    </svg>
  )
}

function ItemAnalysis({ analysis, at }: { analysis: Analysis; at: AtCourse }): ReactElement {
  const { t } = at.visit
  const own = ownOf(nameOf(at.plan))
  const { attempts, questions } = analysis
  if (attempts === 0) return <p>{t.t('desk.analysis.none')}</p>
  return (
    <>
      <p className="quiet">{t.t('desk.analysis.what', { count: attempts })}</p>
      <ol className={css.questions}>
        {questions.map(({ question, html, answered, asked, difficulty, discrimination, wrong }) => (
          <li key={question}>
            <Html className="prose prose-small" html={html} {...own} />
            <dl className={css.figures}>
              <div>
                <dt>{t.t('desk.analysis.difficulty')}</dt>
                <dd>
                  {asked === 0 ? (
                    '–'
                  ) : (
                    <>
                      <Bar share={difficulty} /> {percent(difficulty, t)}
                    </>
                  )}
                </dd>
              </div>
              <div>
                <dt>{t.t('desk.analysis.discrimination')}</dt>
                <dd>
                  {discrimination === null
                    ? t.t('desk.analysis.few')
                    : t.number(discrimination, { maximumFractionDigits: 2 })}
                </dd>
              </div>
              <div>
                <dt>{t.t('desk.analysis.answered')}</dt>
                <dd>{t.t('desk.learners.of', { done: answered, count: asked })}</dd>
              </div>
            </dl>
            {wrong.length > 0 ? (
              <>
                <p className="quiet small">{t.t('desk.analysis.wrong')}</p>
                <ul className={css.wrong}>
                  {wrong.map(({ answer, count }) => (
                    <li key={answer}>
                      <span className={css.number}>{t.number(count)} ×</span>{' '}
                      <Html html={answer} {...own} />
                    </li>
                  ))}
                </ul>
              </>
            ) : null}
          </li>
        ))}
      </ol>
    </>
  )
}
