import { uuidv7 } from '@colonnade/http'
import { refused } from '@colonnade/personal'
import { Button, ChoiceField, Section, TextField } from '@colonnade/ui'
import type { ReactElement } from 'react'
import type { EnrolmentBody } from '../api/shapes.ts'
import { instantOf } from '../grading/due.ts'
import { settle } from '../grading/settle.ts'
import { percent } from '../pages/course.tsx'
import { ownOf } from '../pages/head.tsx'
import { nameOf } from '../pages/standing.ts'
import { When } from '../pages/when.tsx'
import type { Plan } from '../plan.ts'
import { addExtension, listAttemptsOf } from '../queries/attempts.ts'
import { type Enrolment, findEnrolment, lockEnrolments } from '../queries/enrolments.ts'
import { enrolmentState } from '../state/enrolment.ts'
import type { AtCourse } from './at-course.ts'
import css from './desk.module.css'
import { DeskSheet, titleOf } from './frame.tsx'
import { namesOf } from './names.ts'
import { essayPath, learnerPath } from './paths.ts'

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i

async function read({ db, plan, plans, params }: AtCourse) {
  const id = params.enrolment ?? ''
  const enrolment = uuid.test(id) ? await findEnrolment(db.hot, id) : undefined
  if (enrolment?.courseId !== plan.courseId) return undefined
  const own = await plans.of(enrolment.courseId, enrolment.revision)
  return own && { enrolment, own }
}

type Told = 'extended' | 'wrong'

/** One learner: what they did of what counts, when it is due for them, and more time or attempts for them. */
export async function showLearner(at: AtCourse, told?: Told): Promise<Response> {
  const found = await read(at)
  const { visit, db, plan } = at
  if (!found) return refused(visit, 404)
  const { enrolment, own } = found
  const [state, names, attempts] = await Promise.all([
    enrolmentState(db.hot, own, enrolment),
    namesOf(at, [enrolment]),
    listAttemptsOf(db.hot, enrolment.id),
  ])
  const { t } = visit
  const name = names.get(enrolment.person) ?? t.t('desk.learners.nameless')
  const done = told ?? (visit.query.get('done') === 'extended' ? 'extended' : undefined)
  return visit.page(
    <>
      <DeskSheet at={at} title="desk.learners" current="/learners" below={name}>
        {done ? <p role="status">{t.t(`desk.learner.${done}`)}</p> : null}
        <p>
          {t.t('desk.learners.of', { done: state.done.length, count: own.lessons.size })}
          {state.grade ? ` · ${percent(state.grade.share, t)} ${state.grade.threshold ?? ''}` : ''}
        </p>
        <p className="quiet">
          {t.t('desk.learner.since')} <When at={enrolment.enrolledAt} zone={at.zone} t={t} />
        </p>
        <ul className={css.list}>
          {state.items.map((item) => (
            <li key={item.key}>
              <p>
                <b {...ownOf(nameOf(plan))}>{item.title}</b>{' '}
                {item.share === null ? '' : percent(item.share, t)}{' '}
                {item.due === null ? null : (
                  <span className="quiet">
                    {t.t('desk.learner.due')} <When at={new Date(item.due)} zone={at.zone} t={t} />
                  </span>
                )}
              </p>
              <p className={css.actions}>
                {attempts
                  .filter((one) => one.item === item.key && one.endedAt)
                  .map((one) => (
                    <a key={one.id} href={visit.local(essayPath(plan.slug, one.id))}>
                      {t.t('learn.attempt', { number: one.number })}
                    </a>
                  ))}
              </p>
            </li>
          ))}
        </ul>
      </DeskSheet>
      {state.items.length > 0 ? (
        <Section id="extension" title={t.t('desk.extend.title')}>
          <ExtensionForm at={at} items={state.items} enrolment={enrolment} />
        </Section>
      ) : null}
    </>,
    titleOf(at, 'desk.learners'),
    told === 'wrong' ? { status: 422 } : {},
  )
}

function ExtensionForm(props: {
  at: AtCourse
  items: EnrolmentBody['items']
  enrolment: Enrolment
}): ReactElement {
  const { at, items, enrolment } = props
  const { t, local } = at.visit
  return (
    <form
      className={css.form}
      method="post"
      action={local(learnerPath(at.plan.slug, enrolment.id))}
    >
      <p>{t.t('desk.extend.what')}</p>
      <ChoiceField
        id="item"
        name="item"
        label={t.t('desk.extend.item')}
        value={items[0]?.key ?? ''}
        choices={items.map(({ key, title }) => ({ value: key, label: title }))}
      />
      <TextField
        id="due"
        name="due"
        type="datetime-local"
        required={false}
        label={t.t('desk.extend.due')}
        hint={t.t('desk.extend.zone', { zone: at.plan.policy.zone.replaceAll('_', ' ') })}
      />
      <TextField
        id="minutes"
        name="minutes"
        type="number"
        required={false}
        label={t.t('desk.extend.minutes')}
      />
      <TextField
        id="attempts"
        name="attempts"
        type="number"
        required={false}
        label={t.t('desk.extend.attempts')}
      />
      <p>
        <Button type="submit" look="main">
          {t.t('desk.extend.do')}
        </Button>
      </p>
    </form>
  )
}

/** Gives a learner more; of several extensions the most generous holds. */
export async function extendLearner(at: AtCourse, sent: URLSearchParams): Promise<Response> {
  const found = await read(at)
  if (!found) return refused(at.visit, 404)
  const { enrolment, own } = found
  const given = readExtension(sent, own)
  if (!given) return await showLearner(at, 'wrong')
  await at.db.work.begin(async (tx) => {
    await lockEnrolments(tx, [enrolment.id])
    const base = { id: uuidv7(), enrolmentId: enrolment.id, by: at.teacher, reason: '' }
    await addExtension(tx, { ...base, ...given })
    // A later deadline may make what was late be in time.
    await settle(tx, at.plans, [enrolment.id])
  })
  at.nudge()
  return at.visit.goTo(`${learnerPath(at.plan.slug, enrolment.id)}?done=extended`)
}

function readExtension(sent: URLSearchParams, own: Plan) {
  const item = sent.get('item') ?? ''
  const due = sent.get('due') ?? ''
  const [minutes, attempts] = [readCount(sent.get('minutes')), readCount(sent.get('attempts'))]
  const isDate = /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(due)
  if (!own.items.get(item)?.graded || (due !== '' && !isDate)) return undefined
  if (minutes === undefined || attempts === undefined) return undefined
  if (due === '' && minutes === null && attempts === null) return undefined
  const dueAt = due === '' ? null : new Date(instantOf(due, own.policy.zone)).toISOString()
  return { item, dueAt, minutes, attempts }
}

/** A whole number from 1; null for nothing, undefined for what is none. */
function readCount(text: string | null): number | null | undefined {
  if (text === null || text.trim() === '') return null
  return /^[1-9]\d{0,4}$/.test(text.trim()) ? Number(text) : undefined
}
