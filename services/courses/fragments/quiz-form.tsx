import type { AskedQuiz, Mark } from '@colonnade/questions'
import { Questions } from '@colonnade/questions-ui'
import { Button, ButtonLink, type Translator } from '@colonnade/ui'
import type { ReactElement } from 'react'
import css from '../elements/quiz.module.css'

/** A quiz as a form that needs nothing but HTML; with marks, also what the answers were worth and why. */
export function QuizForm(props: {
  asked: AskedQuiz
  marks: ReadonlyMap<string, Mark> | undefined
  /** What was filled in. */
  fields: URLSearchParams
  action: string
  /** Where other questions are drawn, once these are marked. */
  other: string | undefined
  own: { lang: string; dir: 'ltr' | 'rtl' }
  t: Translator
}): ReactElement {
  const { asked, marks, fields, action, other, own, t } = props
  return (
    <form method="post" action={action} className={css.quiz}>
      <input type="hidden" name="seed" value={asked.seed} />
      <input type="hidden" name="lang" value={t.lang} />
      <Questions
        questions={asked.questions}
        id={asked.key}
        marks={marks}
        fields={fields}
        own={own}
        t={t}
      />
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
