import { uuidv7 } from '@colonnade/http'
import { Button, type Fact, Facts, Notice, Sheet, type Translator } from '@colonnade/ui'
import type { ReactElement } from 'react'
import { AttemptForm } from './attempt.tsx'
import { Crumbs, ownOf, type Shown } from './head.tsx'
import type { AttemptLine, ItemData } from './model.ts'
import css from './my.module.css'
import { attemptPath, itemPath } from './paths.ts'
import { pointsText } from './points.ts'
import { AttemptReview } from './review.tsx'
import { When } from './when.tsx'

/** A graded quiz or an assignment: what it asks, the attempt that runs, and those that are over. */
export function ItemPage({ data, local, t }: Shown<ItemData>): ReactElement {
  const { course, item, shown, lesson, told } = data
  const own = ownOf(course)
  return (
    <Sheet
      above={<Crumbs course={course} here={item.title} local={local} t={t} />}
      title={<span {...own}>{item.title}</span>}
    >
      {told ? (
        <Notice kind={told === 'saved' ? 'note' : 'error'}>{t.t(`learn.told.${told}`)}</Notice>
      ) : null}
      {shown?.kind === 'running' ? null : <Terms data={data} t={t} />}
      {shown?.kind === 'running' ? (
        <AttemptForm attempt={shown} data={data} local={local} t={t} />
      ) : null}
      {shown?.kind === 'ended' ? (
        <AttemptReview attempt={shown} data={data} local={local} t={t} />
      ) : null}
      {shown?.kind === 'running' ? null : <Start data={data} local={local} t={t} />}
      <Attempts data={data} local={local} t={t} />
      <p>
        {t.t('learn.item.lesson')}{' '}
        <a href={local(lesson.href)} {...own}>
          {lesson.title}
        </a>
      </p>
    </Sheet>
  )
}

function Terms({ data, t }: { data: ItemData; t: Translator }): ReactElement {
  const { item, due, zone, rule } = data
  const facts: Fact[] = [
    {
      label: t.t('learn.item.what'),
      value: [
        t.t('learn.item.size', {
          kind: t.t(`learn.kind.${item.kind}`),
          questions: item.questions,
        }),
        ...(item.points === null ? [] : [t.t('quiz.points', { points: item.points })]),
      ].join(', '),
    },
    {
      label: t.t('learn.item.attempts'),
      value:
        item.attempts === null
          ? t.t('learn.item.attempts.any')
          : t.t('learn.item.attempts.of', { count: item.attempts }),
    },
    {
      label: t.t('learn.item.counts'),
      value: item.attempts === 1 ? null : t.t(`learn.rule.${rule}`),
    },
    {
      label: t.t('learn.item.time'),
      value: item.minutes === null ? t.t('learn.item.time.any') : t.duration(item.minutes),
    },
    {
      label: t.t(due?.extended ? 'learn.due.extended' : 'learn.due'),
      value: due ? <When at={due.at} zone={zone} t={t} /> : null,
    },
  ]
  return <Facts facts={facts} />
}

/** What beginning means is said before it begins. */
function Start({ data, local, t }: Shown<ItemData>): ReactElement | null {
  const { course, item, attempts, attemptsLeft, shut, due, now } = data
  if (shut === 'running') return null
  if (shut) return <p className="quiet">{t.t('learn.told.none-left')}</p>
  return (
    <form className={css.stack} method="post" action={local(itemPath(course.slug, item.key))}>
      {item.minutes === null ? null : (
        <p className={css.words}>{t.t('learn.start.time', { time: t.duration(item.minutes) })}</p>
      )}
      {attemptsLeft === null ? null : (
        <p className={css.words}>{t.t('learn.start.left', { count: attemptsLeft })}</p>
      )}
      {due && due.at < now ? <p className={css.words}>{t.t('learn.start.late')}</p> : null}
      <input type="hidden" name="_attempt" value={uuidv7()} />
      <Button type="submit" look="main" name="_do" value="start">
        {t.t(attempts.length > 0 ? 'learn.start.again' : 'learn.start')}
      </Button>
    </form>
  )
}

function Attempts({ data, local, t }: Shown<ItemData>): ReactElement | null {
  const { attempts, shown, course, item } = data
  const others = attempts.filter((one) => one.id !== shown?.id)
  if (others.length === 0) return null
  return (
    <section aria-labelledby="attempts" className={css.stack}>
      <h2 id="attempts">{t.t('learn.attempts')}</h2>
      <ul className={css.attempts}>
        {others.map((one) => (
          <li key={one.id} className={css.item}>
            <a href={local(attemptPath(course.slug, item.key, one.id))}>
              {t.t('learn.attempt', { number: one.number })}
            </a>
            <span className="small">
              <Line line={one} zone={data.zone} t={t} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Line(props: { line: AttemptLine; zone: string; t: Translator }): ReactElement {
  const { line, zone, t } = props
  if (!line.endedAt) return <strong>{t.t('learn.item.state.running')}</strong>
  return (
    <>
      <When at={line.endedAt} zone={zone} t={t} /> · <strong>{pointsText(line, t)}</strong>
    </>
  )
}
