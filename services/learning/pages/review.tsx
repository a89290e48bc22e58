import type { Asked } from '@colonnade/questions'
import { GivenAnswer, Verdict } from '@colonnade/questions-ui'
import { Html, Notice } from '@colonnade/ui'
import type { ReactElement } from 'react'
import { FileLink } from './attempt.tsx'
import { ownOf, type Shown } from './head.tsx'
import { pointsText } from './item.tsx'
import type { EndedAttempt, ItemData } from './model.ts'
import css from './my.module.css'
import { When } from './when.tsx'

type Props = Shown<ItemData> & { attempt: EndedAttempt }

/** An attempt that is over: each answer, what it was worth and why, and what waits for the teacher. */
export function AttemptReview(props: Props): ReactElement {
  const { attempt, data, t } = props
  const line = data.attempts.find((one) => one.id === attempt.id)
  return (
    <section aria-labelledby="review" className={css.attempt}>
      <h2 id="review" tabIndex={-1}>
        {t.t('learn.attempt', { number: attempt.number })}
      </h2>
      {line ? <p className={css.total}>{pointsText(line, t)}</p> : null}
      <p className="quiet">
        {t.t(`learn.ended.${attempt.endedBy}`)} <When at={attempt.endedAt} zone={data.zone} t={t} />
      </p>
      {attempt.late > 0 ? (
        <Notice>{t.t('learn.ended.late', { count: attempt.late })}</Notice>
      ) : null}
      <ol className={css.questions}>
        {attempt.questions.map((question, at) => (
          <li key={question.key} className={css.question}>
            <h3>
              {t.t('quiz.question', { number: at + 1, count: attempt.questions.length })}{' '}
              <span className="quiet">{t.t('quiz.points', { points: question.points })}</span>
            </h3>
            <Reviewed {...props} question={question} />
          </li>
        ))}
      </ol>
    </section>
  )
}

function Reviewed(props: Props & { question: Asked }): ReactElement {
  const { attempt, question, data, local, t } = props
  const own = ownOf(data.course)
  const mark = attempt.marks.get(question.key)
  const answer = attempt.answers.get(question.key)
  return (
    <>
      <Html className="prose prose-small" html={question.html} {...own} />
      {answer === undefined ? null : (
        <>
          <p className="quiet small">{t.t('quiz.answer')}</p>
          <GivenAnswer
            question={question}
            answer={answer}
            file={(id) => <FileLink file={attempt.files.get(id)} id={id} local={local} t={t} />}
            own={own}
            t={t}
          />
        </>
      )}
      {mark ? <Verdict mark={mark} own={own} t={t} /> : null}
      <ByTeacher {...props} />
    </>
  )
}

/** Points by the rubric, and what the teacher wrote. */
function ByTeacher(props: Props & { question: Asked }): ReactElement | null {
  const { attempt, question, data, t } = props
  const given = attempt.teacher.get(question.key)
  if (!given) return null
  const rubric = question.type === 'essay' ? question.rubric : []
  return (
    <div className={css.teacher}>
      <ul className={css.bullets}>
        {rubric
          .filter(({ key }) => given.rubric[key] !== undefined)
          .map(({ key, html, points }) => (
            <li key={key}>
              <Html html={html} {...ownOf(data.course)} />
              <span className="quiet small">
                {t.t('quiz.earned', { points: given.rubric[key] ?? 0, of: points })}
              </span>
            </li>
          ))}
      </ul>
      {given.comment ? (
        <>
          <p className="quiet small">{t.t('learn.comment')}</p>
          <p className={css.comment}>{given.comment}</p>
        </>
      ) : null}
    </div>
  )
}
