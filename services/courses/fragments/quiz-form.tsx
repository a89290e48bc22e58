import type { Asked, AskedQuiz, Mark } from '@colonnade/questions'
import { Button, ButtonLink, type Translator } from '@colonnade/ui'
import type { ReactElement } from 'react'
import css from '../elements/quiz.module.css'
import { Html } from './html.tsx'
import { Answers } from './quiz-answers.tsx'

type Own = { lang: string; dir: 'ltr' | 'rtl' }

/** A quiz as a form that needs nothing but HTML; with marks, also what the answers were worth and why. */
export function QuizForm(props: {
  asked: AskedQuiz
  marks: ReadonlyMap<string, Mark> | undefined
  /** What was filled in. */
  fields: URLSearchParams
  action: string
  /** Where other questions are drawn, once these are marked. */
  other: string | undefined
  own: Own
  t: Translator
}): ReactElement {
  const { asked, marks, fields, action, other, own, t } = props
  return (
    <form method="post" action={action} className={css.quiz}>
      <input type="hidden" name="seed" value={asked.seed} />
      <input type="hidden" name="lang" value={t.lang} />
      {marks ? <Total marks={[...marks.values()]} t={t} /> : null}
      {asked.questions.map((question, at) => {
        const id = `${asked.key}-${question.key}`
        const mark = marks?.get(question.key)
        return (
          <fieldset key={question.key} className={css.question} aria-describedby={`${id}-ask`}>
            <legend className={css.legend}>
              {t.t('quiz.question', { number: at + 1, count: asked.questions.length })}{' '}
              <span className="quiet">{t.t('quiz.points', { points: question.points })}</span>
            </legend>
            <Html id={`${id}-ask`} html={question.html} {...own} />
            <Answers question={question} id={id} fields={fields} own={own} t={t} />
            {mark ? <Verdict mark={mark} question={question} own={own} t={t} /> : null}
          </fieldset>
        )
      })}
      <p className={css.actions}>
        <Button type="submit">{t.t(marks ? 'quiz.again' : 'quiz.check')}</Button>
        {other ? (
          <ButtonLink href={other} look="quiet">
            {t.t('quiz.other')}
          </ButtonLink>
        ) : null}
      </p>
    </form>
  )
}

function Total({ marks, t }: { marks: readonly Mark[]; t: Translator }): ReactElement {
  const sum = (numbers: number[]) => Math.round(numbers.reduce((a, b) => a + b, 0) * 100) / 100
  const points = sum(marks.map((mark) => mark.points))
  const of = sum(marks.map((mark) => mark.of))
  return (
    <p className={css.total} data-total="">
      {t.t('quiz.total', { points, of })}
    </p>
  )
}

function Verdict(props: { mark: Mark; question: Asked; own: Own; t: Translator }): ReactElement {
  const { mark, own, t } = props
  const { verdict, points, of, right, parts, explanations } = mark
  return (
    <div className={css.verdict} data-verdict={verdict}>
      <p className={css.word}>
        {t.t(`quiz.verdict.${verdict}`)}{' '}
        <span className="number">{t.t('quiz.earned', { points, of })}</span>
        {verdict === 'partly' ? ` ${t.t('quiz.parts', { right, parts })}` : null}
      </p>
      {explanations.map((html) => (
        <Html key={html} html={html} {...own} />
      ))}
    </div>
  )
}
