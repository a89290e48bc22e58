import { ButtonLink } from '@colonnade/ui'
import { When } from '../pages/when.tsx'
import { listWaiting } from '../queries/teaching.ts'
import type { AtCourse } from './at-course.ts'
import css from './desk.module.css'
import { DeskSheet, titleOf } from './frame.tsx'
import { namesOf } from './names.ts'
import { essayPath } from './paths.ts'

const shownAtOnce = 50

/** What waits for a mark, the longest waiting first. */
export async function showEssays(at: AtCourse): Promise<Response> {
  const { visit, plan, db, zone } = at
  const rows = await listWaiting(db.work, plan.courseId, { after: undefined, limit: shownAtOnce })
  const names = await namesOf(at, rows)
  const { t, local } = visit
  return visit.page(
    <DeskSheet at={at} title="desk.essays" current="/essays">
      {rows.length === 0 ? (
        <p>{t.t('desk.essays.none')}</p>
      ) : (
        <ul className={css.list}>
          {rows.map(({ attempt, person, item, number, endedAt, waiting }) => (
            <li key={attempt}>
              <p>
                <b dir="auto">{names.get(person) ?? t.t('desk.learners.nameless')}</b>{' '}
                <span>{plan.items.get(item)?.title ?? item}</span>{' '}
                <span className="quiet">
                  {t.t('learn.attempt', { number })} ·{' '}
                  {t.t('desk.learners.waiting', { count: waiting })} ·{' '}
                  <When at={endedAt} zone={zone} t={t} />
                </span>
              </p>
              <ButtonLink href={local(essayPath(plan.slug, attempt))}>
                {t.t('desk.essays.mark')}
              </ButtonLink>
            </li>
          ))}
        </ul>
      )}
    </DeskSheet>,
    titleOf(at, 'desk.essays'),
  )
}
