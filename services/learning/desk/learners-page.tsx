import { ButtonLink, type Translator } from '@colonnade/ui'
import type { ReactElement } from 'react'
import { percent } from '../pages/course.tsx'
import { type Learner, listLearners } from '../queries/teaching.ts'
import type { AtCourse } from './at-course.ts'
import css from './desk.module.css'
import { DeskSheet, titleOf } from './frame.tsx'
import { namesOf } from './names.ts'
import { learnerPath, learnersCsvPath, learnersPath } from './paths.ts'

const shownAtOnce = 50
const first = '00000000-0000-0000-0000-000000000000'

/** Who learns in the course, and how far they are. */
export async function showLearners(at: AtCourse): Promise<Response> {
  const { visit, plan, db } = at
  const after = visit.query.get('after') ?? first
  const rows = await listLearners(db.work, plan.courseId, {
    after: /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(after) ? after : first,
    limit: shownAtOnce + 1,
  })
  const learners = rows.slice(0, shownAtOnce)
  const names = await namesOf(at, learners)
  const last = rows.length > shownAtOnce ? learners.at(-1) : undefined
  const { t, local } = visit
  return visit.page(
    <DeskSheet at={at} title="desk.learners" current="/learners">
      {learners.length === 0 ? (
        <p>{t.t('desk.learners.none')}</p>
      ) : (
        <>
          <Learners learners={learners} names={names} at={at} />
          <p className={css.actions}>
            {last ? (
              <ButtonLink
                href={local(`${learnersPath(plan.slug)}?after=${last.enrolment}`)}
                rel="next"
              >
                {t.t('desk.learners.more')}
              </ButtonLink>
            ) : null}
            <a href={local(learnersCsvPath(plan.slug))}>{t.t('desk.learners.csv')}</a>
          </p>
        </>
      )}
    </DeskSheet>,
    titleOf(at, 'desk.learners'),
  )
}

function Learners(props: {
  learners: readonly Learner[]
  names: ReadonlyMap<string, string>
  at: AtCourse
}): ReactElement {
  const { learners, names, at } = props
  const { t, local } = at.visit
  const lessons = at.plan.lessons.size
  return (
    <div className={css.scroll}>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">{t.t('desk.learners.name')}</th>
            <th scope="col">{t.t('desk.learners.state')}</th>
            <th scope="col">{t.t('desk.learners.lessons')}</th>
            <th scope="col">{t.t('desk.learners.grade')}</th>
            <th scope="col">{t.t('desk.learners.seen')}</th>
          </tr>
        </thead>
        <tbody>
          {learners.map((one) => (
            <tr key={one.enrolment}>
              <th scope="row" dir="auto">
                <a href={local(learnerPath(at.plan.slug, one.enrolment))}>
                  {names.get(one.person) ?? t.t('desk.learners.nameless')}
                </a>
              </th>
              <td>{stateOf(one, t)}</td>
              <td className={css.number}>
                {t.t('desk.learners.of', { done: one.done.length, count: lessons })}
              </td>
              <td className={css.number}>{one.share === null ? '–' : percent(one.share, t)}</td>
              <td>{one.lastAt ? t.date(one.lastAt) : '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** What a learner does here, in a few words. */
export function stateOf({ completedAt, leftAt, waiting }: Learner, t: Translator): string {
  if (waiting > 0) return t.t('desk.learners.waiting', { count: waiting })
  if (completedAt) return t.t('desk.learners.completed')
  return t.t(leftAt ? 'desk.learners.left' : 'desk.learners.learning')
}
