import { Problem } from '@colonnade/http'
import { refused } from '@colonnade/personal'
import { type Asked, ask, type Mark } from '@colonnade/questions'
import { GivenAnswer, Verdict } from '@colonnade/questions-ui'
import { Button, Html, Notice } from '@colonnade/ui'
import type { ReactElement } from 'react'
import { FileLink } from '../pages/attempt.tsx'
import { ownOf } from '../pages/head.tsx'
import type { EndedAttempt } from '../pages/model.ts'
import { shownAttempt } from '../pages/shown-attempt.ts'
import { nameOf } from '../pages/standing.ts'
import { When } from '../pages/when.tsx'
import type { Plan } from '../plan.ts'
import { type Attempt, findAttempt } from '../queries/attempts.ts'
import { findEnrolment } from '../queries/enrolments.ts'
import { attemptState } from '../state/attempt.ts'
import { markQuestion } from '../teaching/mark.ts'
import type { AtCourse } from './at-course.ts'
import css from './desk.module.css'
import { DeskSheet, titleOf } from './frame.tsx'
import { namesOf } from './names.ts'
import { essayPath, essaysPath } from './paths.ts'

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i

type Read = { attempt: Attempt; person: string; own: Plan }

/** An ended attempt of this course, with the revision that was asked. */
async function read({ db, plan, plans, params }: AtCourse): Promise<Read | undefined> {
  const id = params.attempt ?? ''
  const attempt = uuid.test(id) ? await findAttempt(db.hot, id) : undefined
  const enrolment = attempt?.endedAt && (await findEnrolment(db.hot, attempt.enrolmentId))
  if (!attempt || !enrolment || enrolment.courseId !== plan.courseId) return undefined
  const own = await plans.of(plan.courseId, attempt.revision)
  return own && { attempt, person: enrolment.person, own }
}

/** An attempt as who marks it reads it: each answer, and points and a comment for what a teacher has to judge. */
export async function showEssay(
  at: AtCourse,
  wrong?: { question: string; told: string; sent: URLSearchParams },
): Promise<Response> {
  const found = await read(at)
  const { visit, plan, db, zone } = at
  const quiz = found?.own.items.get(found.attempt.item)?.quiz
  if (!found || !quiz) return refused(visit, 404)
  const { attempt, person, own } = found
  const { questions } = ask(quiz, attempt.seed)
  const shown = await shownAttempt(db.hot, await attemptState(db.hot, own, attempt), questions)
  if (shown.kind !== 'ended') return refused(visit, 404)
  const names = await namesOf(at, [{ person }])
  const { t } = visit
  const name = names.get(person) ?? t.t('desk.learners.nameless')
  return visit.page(
    <DeskSheet at={at} title="desk.essays" current="/essays" below={name}>
      <p>
        {own.items.get(attempt.item)?.title} · {t.t('learn.attempt', { number: attempt.number })} ·{' '}
        <When at={shown.endedAt} zone={zone} t={t} />
      </p>
      <ol className={css.questions}>
        {questions.map((question) => (
          <li key={question.key} id={`q-${question.key}`}>
            <Answered at={at} shown={shown} question={question} />
            {question.type === 'essay' ? (
              <MarkForm
                at={at}
                shown={shown}
                question={question}
                action={visit.local(essayPath(plan.slug, attempt.id))}
                wrong={wrong?.question === question.key ? wrong : undefined}
              />
            ) : null}
          </li>
        ))}
      </ol>
    </DeskSheet>,
    titleOf(at, 'desk.essays'),
    wrong ? { status: 422 } : {},
  )
}

function Answered(props: { at: AtCourse; shown: EndedAttempt; question: Asked }): ReactElement {
  const { at, shown, question } = props
  const { t, local } = at.visit
  const own = ownOf(nameOf(at.plan))
  const mark = shown.marks.get(question.key)
  return (
    <>
      <Html className="prose prose-small" html={question.html} {...own} />
      <p className="quiet small">{t.t('desk.essay.answer')}</p>
      <GivenAnswer
        question={question}
        answer={shown.answers.get(question.key)}
        file={(id) => <FileLink file={shown.files.get(id)} id={id} local={local} t={t} />}
        own={own}
        t={t}
      />
      {mark && mark.verdict !== 'waiting' ? <Verdict mark={mark} own={own} t={t} /> : null}
    </>
  )
}

type MarkProps = {
  at: AtCourse
  shown: EndedAttempt
  question: Extract<Asked, { type: 'essay' }>
  action: string
  wrong: { told: string; sent: URLSearchParams } | undefined
}

function MarkForm({ at, shown, question, action, wrong }: MarkProps): ReactElement {
  const { t } = at.visit
  const { key, rubric, points } = question
  const before = shown.teacher.get(key)
  const mark: Mark | undefined = shown.marks.get(key)
  const valueOf = (name: string, kept: number | undefined) =>
    wrong?.sent.get(name) ?? (kept === undefined ? '' : String(kept))
  const whole = mark && mark.verdict !== 'waiting' ? mark.points : undefined
  return (
    <form className={css.mark} method="post" action={action}>
      <input type="hidden" name="question" value={key} />
      {wrong ? <Notice kind="error">{wrong.told}</Notice> : null}
      {rubric.length === 0 ? (
        <Points
          id={`points-${key}`}
          name="points"
          label={t.t('desk.essay.points', { of: points })}
          of={points}
          value={valueOf('points', whole)}
        />
      ) : (
        rubric.map((line) => (
          <div key={line.key} className={css.rubric}>
            <Html html={line.html} id={`rubric-${key}-${line.key}`} {...ownOf(nameOf(at.plan))} />
            <Points
              id={`points-${key}-${line.key}`}
              name={`rubric.${line.key}`}
              label={t.t('desk.essay.points', { of: line.points })}
              of={line.points}
              value={valueOf(`rubric.${line.key}`, before?.rubric[line.key])}
              describedBy={`rubric-${key}-${line.key}`}
            />
          </div>
        ))
      )}
      <label className={css.label} htmlFor={`comment-${key}`}>
        {t.t('desk.essay.comment')}
      </label>
      <textarea
        className={css.text}
        id={`comment-${key}`}
        name="comment"
        rows={5}
        maxLength={20_000}
        defaultValue={wrong?.sent.get('comment') ?? before?.comment ?? ''}
      />
      <p>
        <Button type="submit" look="main">
          {t.t(before ? 'desk.essay.again' : 'desk.essay.save')}
        </Button>
      </p>
    </form>
  )
}

function Points(props: {
  id: string
  name: string
  label: string
  of: number
  value: string
  describedBy?: string
}): ReactElement {
  const { id, name, label, of, value, describedBy } = props
  return (
    <p className={css.points}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        name={name}
        type="number"
        min={0}
        max={of}
        step="any"
        required={true}
        defaultValue={value}
        aria-describedby={describedBy}
      />
    </p>
  )
}

/** Keeps the marks of one question, and goes on to the next attempt that waits. */
export async function markEssay(at: AtCourse, sent: URLSearchParams): Promise<Response> {
  const found = await read(at)
  if (!found) return refused(at.visit, 404)
  const question = sent.get('question') ?? ''
  const given = [...sent].filter(([name]) => name.startsWith('rubric.'))
  const rubric = Object.fromEntries(
    given.map(([name, value]) => [name.slice('rubric.'.length), readPoints(value)]),
  )
  const points = sent.has('points') ? readPoints(sent.get('points') ?? '') : null
  const wrong = (told: string) => showEssay(at, { question, told, sent })
  const { t } = at.visit
  const all = [...Object.values(rubric), ...(points === null ? [] : [points])]
  if (all.some((one) => Number.isNaN(one) || one < 0)) return await wrong(t.t('desk.essay.wrong'))
  try {
    const comment = (sent.get('comment') ?? '').replaceAll('\r\n', '\n').trim().slice(0, 20_000)
    const mark = { question, points, rubric, comment }
    await markQuestion(at, found.own, { attempt: found.attempt.id, by: at.teacher, mark })
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 422) throw error
    return await wrong(t.t('desk.essay.wrong'))
  }
  const rest = await findAttempt(at.db.work, found.attempt.id)
  const state = rest && (await attemptState(at.db.work, found.own, rest))
  const waits = state?.marks?.some(({ verdict }) => verdict === 'waiting') ?? false
  return at.visit.goTo(waits ? essayPath(at.plan.slug, found.attempt.id) : essaysPath(at.plan.slug))
}

/** A decimal with a point or a comma. */
const readPoints = (text: string) =>
  text.trim() === '' ? Number.NaN : Number(text.trim().replace(',', '.'))
