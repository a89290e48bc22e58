import type { TraceLine } from '@colonnade/questions'
import { Facts, Notice, Sheet, type Translator } from '@colonnade/ui'
import type { ReactElement } from 'react'
import { percent } from './course.tsx'
import { Crumbs, ownOf, type Shown } from './head.tsx'
import type { GradeData } from './model.ts'
import css from './my.module.css'
import { attemptPath } from './paths.ts'

/** The grade told line by line, in plain words, as the pure function came to it. */
export function GradePage({ data, local, t }: Shown<GradeData>): ReactElement {
  const { course, share, threshold, waiting, trace, thresholds } = data
  const title = t.t('learn.grade.title')
  return (
    <Sheet above={<Crumbs course={course} here={title} local={local} t={t} />} title={title}>
      <p className={css.total}>
        {percent(share, t)}
        {threshold ? ` · ${threshold}` : ''}
      </p>
      {waiting > 0 ? <Notice>{t.t('learn.grade.waiting', { count: waiting })}</Notice> : null}
      {groupsOf(trace).map(({ group, lines }) => (
        <section key={group.group} aria-labelledby={`group-${group.group}`} className={css.group}>
          <h2 id={`group-${group.group}`}>
            <span {...ownOf(course)}>{data.groups.get(group.group) ?? group.group}</span>{' '}
            <span className="number">{percent(group.share, t)}</span>
          </h2>
          <p className={css.words}>
            {t.t('learn.grade.group', {
              counted: group.counted,
              weight: percent(weightOf(group, trace), t),
            })}
          </p>
          <ol className={css.trace}>
            {lines.map((item) => (
              <li key={item.item.item}>
                <Item {...item} data={data} local={local} t={t} />
              </li>
            ))}
          </ol>
        </section>
      ))}
      <section aria-labelledby="total" className={css.group}>
        <h2 id="total">{t.t('learn.grade.total')}</h2>
        <p className={css.words}>{t.t('learn.grade.sum', { share: percent(share, t) })}</p>
        <Facts
          facts={thresholds
            .toSorted((a, b) => a.from - b.from)
            .map(({ name, from }) => ({
              label: name,
              value: `${t.t('learn.grade.from', { share: percent(from, t) })} ${t.t(
                share >= from - 1e-9 ? 'learn.grade.reached' : 'learn.grade.missed',
              )}`,
            }))}
        />
      </section>
    </Sheet>
  )
}

type Of<Kind extends TraceLine['kind']> = Extract<TraceLine, { kind: Kind }>
type ItemLines = { item: Of<'item'>; attempts: Of<'attempt'>[] }

/** The trace as a tree: attempts come before their item, and items before their group. */
function groupsOf(
  trace: readonly TraceLine[],
): { group: Of<'group'>; lines: readonly ItemLines[] }[] {
  const groups: { group: Of<'group'>; lines: ItemLines[] }[] = []
  let lines: ItemLines[] = []
  let attempts: Of<'attempt'>[] = []
  for (const line of trace) {
    if (line.kind === 'attempt') attempts.push(line)
    if (line.kind === 'item') {
      lines.push({ item: line, attempts })
      attempts = []
    }
    if (line.kind === 'group') {
      groups.push({ group: line, lines })
      lines = []
    }
  }
  return groups
}

function weightOf(group: Of<'group'>, trace: readonly TraceLine[]): number {
  const sum = trace.reduce((all, line) => all + (line.kind === 'group' ? line.weight : 0), 0)
  return sum > 0 ? group.weight / sum : 0
}

function Item(props: ItemLines & Shown<GradeData>): ReactElement {
  const { item, attempts, data, local, t } = props
  const known = data.items.get(item.item)
  return (
    <>
      <h3 className={css.item}>
        {known ? (
          <a href={local(known.href)} {...ownOf(data.course)}>
            {known.title}
          </a>
        ) : (
          <span>{item.item}</span>
        )}
        <span className="number">{percent(item.share, t)}</span>
      </h3>
      {attempts.length === 0 ? <p>{t.t('learn.grade.none')}</p> : null}
      <ul className={css.bullets}>
        {attempts.map((attempt) => (
          <li key={attempt.id}>
            <Attempt attempt={attempt} rule={item.rule} among={attempts} {...props} />
          </li>
        ))}
      </ul>
      {attempts.length > 1 && item.rule === 'average' ? (
        <p>{t.t('learn.grade.average', { share: percent(item.share, t) })}</p>
      ) : null}
      {item.dropped ? <p>{t.t('learn.grade.dropped')}</p> : null}
    </>
  )
}

/** The attempt that counts is said to, where there are several. */
function counts(
  attempt: Of<'attempt'>,
  among: readonly Of<'attempt'>[],
  rule: Of<'item'>['rule'],
): boolean {
  if (rule === 'average') return true
  const chosen =
    rule === 'last'
      ? among.at(-1)
      : among.reduce((best, one) => (one.share > best.share ? one : best), attempt)
  const first = rule === 'best' ? among.find((one) => one.share === chosen?.share) : chosen
  return first === attempt
}

function Attempt(
  props: Shown<GradeData> & {
    attempt: Of<'attempt'>
    among: readonly Of<'attempt'>[]
    rule: Of<'item'>['rule']
  },
): ReactElement {
  const { attempt, among, rule, data, local, t } = props
  const { id, points, of, daysLate, share } = attempt
  return (
    <>
      <a href={local(attemptPath(data.course.slug, attempt.item, id))}>
        {t.t('learn.attempt', { number: data.attempts.get(id) ?? 1 })}
      </a>
      {': '}
      {t.t('learn.points', { points, of })}{' '}
      {daysLate > 0 ? `${lateText(daysLate, data, t)} ` : null}
      {daysLate > 0 ? `${t.t('learn.grade.left', { share: percent(share, t) })} ` : null}
      {among.length > 1 && rule !== 'average' && counts(attempt, among, rule) ? (
        <strong>{t.t(`learn.grade.counts.${rule}`)}</strong>
      ) : null}
    </>
  )
}

function lateText(days: number, { late }: GradeData, t: Translator): string {
  return late && days > late.days && late.days > 0
    ? t.t('learn.grade.late.all', { days })
    : t.t('learn.grade.late', { days, share: percent(late?.perDay ?? 0, t) })
}
