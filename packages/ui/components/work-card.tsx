import type { ReactElement } from 'react'
import css from '../elements/section.module.css'
import type { Translator } from '../translator.ts'
import { ButtonLink } from './button.tsx'
import { Facts } from './facts.tsx'

type WorkDue = { at: string; zone: string } | { days: number }

/** Work that counts, as a page for everyone shows it: what it asks for, and the way to it. */
export function WorkCard(props: {
  t: Translator
  kind: 'quiz' | 'assignment'
  href: string
  questions: number
  /** Null: it depends on which questions are drawn. */
  points: number | null
  /** Null: as many as one likes. */
  attempts: number | null
  /** For each attempt. */
  minutes: number | null
  due: WorkDue | null
}): ReactElement {
  const { t, kind, href, questions, points, attempts, minutes, due } = props
  return (
    <div className={css.work} lang={t.lang}>
      <p>{t.t(`work.${kind}`)}</p>
      <Facts
        layout="line"
        facts={[
          { label: t.t('work.questions'), value: kind === 'quiz' ? t.number(questions) : null },
          { label: t.t('work.points'), value: points === null ? null : t.number(points) },
          {
            label: t.t('work.attempts'),
            value: attempts === null ? t.t('work.anyNumber') : t.number(attempts),
          },
          {
            label: t.t('work.time'),
            value: minutes === null ? null : t.t('work.each', { time: t.duration(minutes) }),
          },
          { label: t.t('work.due'), value: due && dueIn(due, t) },
        ]}
      />
      <p data-print="no">
        <ButtonLink href={href}>{t.t(`work.${kind}.go`)}</ButtonLink>
      </p>
    </div>
  )
}

/** A deadline in words. It is told in its own zone, which is the same for everyone who reads the page. */
function dueIn(due: WorkDue, t: Translator): string {
  if ('days' in due) return t.t('work.days', { days: due.days })
  const date = t.date(`${due.at}Z`, { dateStyle: 'long', timeStyle: 'short' })
  return t.t('work.at', { date, zone: due.zone.replaceAll('_', ' ') })
}
