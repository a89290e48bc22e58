import type { Asked, Step } from '@colonnade/questions'
import { Html, plainText, type Translator } from '@colonnade/ui'
import type { ReactElement } from 'react'
import css from './elements/questions.module.css'
import { spokenName } from './spoken.ts'

type Props<Question extends Asked = Asked> = {
  question: Question
  id: string
  fields: URLSearchParams
  own: { lang: string; dir: 'ltr' | 'rtl' }
  t: Translator
}

/** The controls of a question, filled in as they were. */
export function Answers(props: Props): ReactElement {
  const { question, id, fields, own, t } = props
  switch (question.type) {
    case 'single':
    case 'multiple':
      return (
        <div className={css.options} {...own}>
          {question.options.map(({ key, html }) => {
            const single = question.type === 'single'
            const name = single ? question.key : `${question.key}.${key}`
            const value = single ? key : '1'
            return (
              <label key={key} className={css.option}>
                <input
                  type={single ? 'radio' : 'checkbox'}
                  name={name}
                  value={value}
                  defaultChecked={fields.get(name) === value}
                  aria-label={spokenName(html)}
                />
                <Words step={{ key, html }} />
              </label>
            )
          })}
        </div>
      )
    case 'numeric':
    case 'text': {
      const label = question.type === 'numeric' && question.withUnit ? 'quiz.unit' : 'quiz.answer'
      return (
        <p className={css.line}>
          <label htmlFor={id}>{t.t(label)}</label>
          <input
            id={id}
            type="text"
            name={question.key}
            value={fields.get(question.key) ?? ''}
            maxLength={200}
            autoComplete="off"
            className={css.input}
          />
        </p>
      )
    }
    case 'matching':
      return <Choices {...props} rows={question.left} choices={question.right.map(choiceOf)} />
    case 'ordering':
      return (
        <Choices
          {...props}
          rows={question.options}
          choices={question.options.map((_, at) => ({
            value: String(at + 1),
            label: t.number(at + 1),
          }))}
        />
      )
    case 'essay':
      return (
        <>
          <Rubric rubric={question.rubric} own={own} t={t} />
          <p className={css.line}>
            <label htmlFor={id}>{t.t('quiz.answer')}</label>
            <textarea
              id={id}
              name={question.key}
              rows={10}
              maxLength={100_000}
              className={css.essay}
            >
              {fields.get(question.key) ?? ''}
            </textarea>
          </p>
        </>
      )
  }
}

/** What an essay is marked by, which whoever writes it should know. */
function Rubric(props: {
  rubric: readonly (Step & { points: number })[]
  own: Props['own']
  t: Translator
}): ReactElement | null {
  const { rubric, own, t } = props
  if (rubric.length === 0) return null
  return (
    <ul className={css.rubric}>
      {rubric.map(({ key, html, points }) => (
        <li key={key}>
          <Html html={html} {...own} />
          <span className="quiet number">{t.t('quiz.points', { points })}</span>
        </li>
      ))}
    </ul>
  )
}

const choiceOf = ({ key, html }: Step) => ({
  value: key,
  label: spokenName(html) ?? plainText(html),
})

/** One choice from the same list for each row. */
function Choices(
  props: Props & { rows: readonly Step[]; choices: readonly { value: string; label: string }[] },
): ReactElement {
  const { question, id, fields, own, rows, choices, t } = props
  return (
    <div className={css.rows} {...own}>
      {rows.map((row) => {
        const name = `${question.key}.${row.key}`
        return (
          <p key={row.key} className={css.row}>
            <label htmlFor={`${id}-${row.key}`}>
              <Words step={row} />
            </label>
            <select
              id={`${id}-${row.key}`}
              name={name}
              className={css.input}
              aria-label={spokenName(row.html)}
            >
              <option value="">{t.t('quiz.choose')}</option>
              {choices.map(({ value, label }) => (
                <option key={value} value={value} selected={fields.get(name) === value}>
                  {label}
                </option>
              ))}
            </select>
          </p>
        )
      })}
    </div>
  )
}

function Words({ step }: { step: Step }): ReactElement {
  // biome-ignore lint/security/noDangerouslySetInnerHtml: sanitised by the reader
  return <span dangerouslySetInnerHTML={{ __html: step.html }} />
}
