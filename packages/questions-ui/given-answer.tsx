import type { Answer, Asked, Step } from '@colonnade/questions'
import { Html, type Translator } from '@colonnade/ui'
import type { ReactElement, ReactNode } from 'react'
import css from './elements/questions.module.css'
import { isEmpty, isEssay } from './given.ts'

type Props = {
  question: Asked
  answer: Answer | undefined
  /** A file that was handed in, by its id. */
  file?: (id: string) => ReactNode
  own: { lang: string; dir: 'ltr' | 'rtl' }
  t: Translator
}

/** An answer to be read, not changed. */
export function GivenAnswer(props: Props): ReactElement {
  const { question, answer, file, own, t } = props
  if (answer === undefined || isEmpty(answer)) {
    return <p className="quiet">{t.t('quiz.verdict.unanswered')}</p>
  }
  if (typeof answer === 'string') {
    const chosen = 'options' in question ? find(question.options, answer) : undefined
    return chosen ? <Html html={chosen.html} {...own} /> : <p className={css.given}>{answer}</p>
  }
  if (isEssay(answer)) {
    return (
      <>
        <p className={css.given}>{answer.text}</p>
        {answer.files.length > 0 && file ? (
          <ul className={css.list}>
            {answer.files.map((id) => (
              <li key={id}>{file(id)}</li>
            ))}
          </ul>
        ) : null}
      </>
    )
  }
  if (Array.isArray(answer)) {
    const options = 'options' in question ? question.options : []
    const List = question.type === 'ordering' ? 'ol' : 'ul'
    return (
      <List className={css.list} {...own}>
        {answer.map((key) => (
          <li key={key}>
            <Words step={find(options, key)} />
          </li>
        ))}
      </List>
    )
  }
  if (question.type !== 'matching')
    return <p className={css.given}>{t.t('quiz.verdict.unanswered')}</p>
  return (
    <ul className={css.list} {...own}>
      {question.left.map((left) => (
        <li key={left.key}>
          <Words step={left} /> → <Words step={find(question.right, answer[left.key] ?? '')} />
        </li>
      ))}
    </ul>
  )
}

const find = (steps: readonly Step[], key: string) => steps.find((step) => step.key === key)

function Words({ step }: { step: Step | undefined }): ReactElement {
  // biome-ignore lint/security/noDangerouslySetInnerHtml: sanitised by the reader
  return <span dangerouslySetInnerHTML={{ __html: step?.html ?? '–' }} />
}
