import type { FragmentAnswer } from '@colonnade/http'
import {
  Disclosure,
  localPath,
  type MessageId,
  renderHtml,
  Section,
  type Translator,
} from '@colonnade/ui'
import type { ReactElement } from 'react'
import { lessonPath } from '../contract.ts'
import css from '../elements/syllabus.module.css'
import type { Syllabus, SyllabusItem, SyllabusLesson, SyllabusModule } from '../queries/lesson.ts'

/** A course's contents: modules that open in place, minutes aligned at the end of each line. */
export function renderSyllabus(syllabus: Syllabus, t: Translator): FragmentAnswer {
  const tags = [`course:${syllabus.id}`]
  if (syllabus.modules.length === 0) return { status: 204, tags }
  return { html: renderHtml(<Contents syllabus={syllabus} t={t} />), tags }
}

const minutesOf = (parts: readonly { minutes: number }[]) =>
  parts.reduce((sum, part) => sum + part.minutes, 0)

function Contents({ syllabus, t }: { syllabus: Syllabus; t: Translator }): ReactElement {
  const { modules } = syllabus
  const lessons = modules.flatMap((module) => module.lessons)
  const counts = t.t('syllabus.counts', {
    modules: modules.length,
    lessons: lessons.length,
    time: t.duration(minutesOf(lessons)),
  })
  return (
    <Section id="syllabus" title={t.t('syllabus.title')} margin={<p>{counts}</p>}>
      <ol className={css.modules}>
        {modules.map((module, index) => (
          <li key={module.id}>
            <Module module={module} number={index + 1} syllabus={syllabus} t={t} />
          </li>
        ))}
      </ol>
    </Section>
  )
}

function Module(props: {
  module: SyllabusModule
  number: number
  syllabus: Syllabus
  t: Translator
}): ReactElement {
  const { module, number, syllabus, t } = props
  const own = { lang: syllabus.language, dir: syllabus.direction }
  return (
    <Disclosure
      id={`module-${module.key}`}
      level={3}
      open={number === 1}
      title={<span {...own}>{module.title}</span>}
      note={`${t.t('syllabus.lessons', { count: module.lessons.length })} · ${t.duration(minutesOf(module.lessons))}`}
    >
      {module.summary ? (
        <p className={css.summary} {...own}>
          {module.summary}
        </p>
      ) : null}
      <ol className={css.lessons}>
        {module.lessons.map((lesson) => (
          <li key={lesson.id}>
            <Lesson lesson={lesson} syllabus={syllabus} t={t} />
          </li>
        ))}
      </ol>
    </Disclosure>
  )
}

const kinds = {
  video: 'syllabus.video',
  reading: 'syllabus.reading',
  quiz: 'syllabus.quiz',
  exercise: 'syllabus.exercise',
  assignment: 'syllabus.assignment',
} as const satisfies Record<SyllabusItem['kind'], MessageId>

function Lesson(props: {
  lesson: SyllabusLesson
  syllabus: Syllabus
  t: Translator
}): ReactElement {
  const { lesson, syllabus, t } = props
  const href = localPath(t.lang, lessonPath(syllabus.slug, lesson.slug))
  const own = { lang: syllabus.language, dir: syllabus.direction }
  // A lesson that is nothing but its reading says so by itself.
  const items = lesson.items.filter((item) => item.kind !== 'reading')
  return (
    <>
      <p className={css.line}>
        <a className={css.title} href={href} {...own}>
          {lesson.title}
        </a>
        <span className={css.minutes}>{t.duration(lesson.minutes)}</span>
      </p>
      {items.length > 0 ? (
        <ul className={css.items}>
          {items.map((item) => (
            <li key={item.id} className={css.line}>
              <span>
                {t.t(kinds[item.kind])}:{' '}
                <a href={item.anchor ? `${href}#${item.anchor}` : href} {...own}>
                  {item.title}
                </a>
              </span>
              {item.minutes > 0 ? (
                <span className={css.minutes}>{t.duration(item.minutes)}</span>
              ) : null}
            </li>
          ))}
        </ul>
      ) : null}
    </>
  )
}
