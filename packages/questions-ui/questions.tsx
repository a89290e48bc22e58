import type { Asked, Mark } from '@colonnade/questions'
import { Html, type Translator } from '@colonnade/ui'
import type { ReactElement, ReactNode } from 'react'
import { Answers } from './answers.tsx'
import css from './elements/questions.module.css'

type Own = { lang: string; dir: 'ltr' | 'rtl' }

/** The questions of a form; with marks, also what the answers were worth and why. */
export function Questions(props: {
  questions: readonly Asked[]
  /** Begins the ids of its fields, which are unique on the page. */
  id: string
  marks: ReadonlyMap<string, Mark> | undefined
  /** What was filled in. */
  fields: URLSearchParams
  /** What stands below a question's fields. */
  below?: (question: Asked, id: string) => ReactNode
  own: Own
  t: Translator
}): ReactElement {
  const { questions, id: prefix, marks, fields, below, own, t } = props
  return (
    <>
      {marks ? <Total marks={[...marks.values()]} t={t} /> : null}
      {questions.map((question, at) => {
        const id = `${prefix}-${question.key}`
        const mark = marks?.get(question.key)
        return (
          <fieldset
            key={question.key}
            className={css.question}
            aria-describedby={`${id}-ask`}
            data-question={question.key}
            data-type={question.type}
          >
            <legend className={css.legend}>
              {t.t('quiz.question', { number: at + 1, count: questions.length })}{' '}
              <span className="quiet">{t.t('quiz.points', { points: question.points })}</span>
            </legend>
            <Html id={`${id}-ask`} className="prose prose-small" html={question.html} {...own} />
            <Answers question={question} id={id} fields={fields} own={own} t={t} />
            {below?.(question, id)}
            {mark ? <Verdict mark={mark} own={own} t={t} /> : null}
          </fieldset>
        )
      })}
    </>
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

/** What an answer was worth, and why. */
export function Verdict(props: { mark: Mark; own: Own; t: Translator }): ReactElement {
  const { mark, own, t } = props
  const { verdict, points, of, right, parts, explanations } = mark
  return (
    <div className={css.verdict} data-verdict={verdict}>
      <p className={css.word}>
        {t.t(`quiz.verdict.${verdict}`)}{' '}
        {verdict === 'waiting' ? null : (
          <span className="number">{t.t('quiz.earned', { points, of })}</span>
        )}
        {verdict === 'partly' ? ` ${t.t('quiz.parts', { right, parts })}` : null}
      </p>
      {explanations.map((html) => (
        <Html key={html} html={html} {...own} />
      ))}
    </div>
  )
}
