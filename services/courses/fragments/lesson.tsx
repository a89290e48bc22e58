import type { FragmentAnswer } from '@colonnade/http'
import {
  asSubject,
  Breadcrumb,
  CodeCopy,
  ColonnadeProgress,
  Html,
  localPath,
  plainText,
  renderHtml,
  type Translator,
} from '@colonnade/ui'
import { createElement, type ReactElement } from 'react'
import { coursePath, lessonPath } from '../contract.ts'
import css from '../elements/lesson.module.css'
import type { LessonPage } from '../queries/lesson.ts'
import { withFilms } from './films.ts'
import { localiseLinks } from './links.ts'
import { withQuizzes } from './quiz.tsx'
import { shorten } from './shorten.ts'

/** A lesson: its place in the course, its material, and what comes before and after. */
export function renderLesson(lesson: LessonPage, t: Translator): FragmentAnswer {
  return {
    html: renderHtml(<Lesson lesson={lesson} t={t} />),
    tags: [`course:${lesson.courseId}`],
    maxAge: 300,
    meta: {
      title: `${lesson.title} · ${lesson.courseTitle}`,
      description: shorten(lesson.text, 160),
      image: `${coursePath(lesson.courseSlug)}/picture.png`,
      canonical: lessonPath(lesson.courseSlug, lesson.slug),
      jsonLd: {
        '@type': 'LearningResource',
        name: lesson.title,
        inLanguage: lesson.language,
        timeRequired: `PT${Math.max(1, lesson.minutes)}M`,
        isAccessibleForFree: true,
        isPartOf: { '@type': 'Course', name: lesson.courseTitle },
      },
    },
  }
}

type Props = { lesson: LessonPage; t: Translator }

function Lesson({ lesson, t }: Props): ReactElement {
  const own = { lang: lesson.language, dir: lesson.direction }
  const home = localPath(t.lang, coursePath(lesson.courseSlug))
  return (
    <section id="lesson" aria-labelledby="lesson-title" className={`wrap ${css.lesson}`}>
      <div className={css.crumbs}>
        <Breadcrumb
          t={t}
          crumbs={[
            { label: lesson.courseTitle, href: home },
            { label: lesson.moduleTitle, href: `${home}#module-${lesson.moduleKey}` },
            { label: lesson.title },
          ]}
        />
      </div>
      <Place lesson={lesson} t={t} />
      <article className={css.matter}>
        <h1 id="lesson-title" className={css.title} {...own}>
          {lesson.title}
        </h1>
        <Head lesson={lesson} t={t} />
        <Html
          className="prose ln-lesson"
          {...own}
          html={withQuizzes(
            withFilms(withCopyButtons(localiseLinks(lesson.html, t.lang), t), t),
            lesson,
            t,
          )}
        />
        <List
          title={t.t('lesson.keypoints')}
          entries={lesson.keypoints}
          lesson={lesson}
          look={css.keep}
        />
      </article>
      <Onward lesson={lesson} t={t} />
    </section>
  )
}

/** The margin: slim columns with yours marked, which lesson of how many, how long, and what is in it. */
function Place({ lesson, t }: Props): ReactElement {
  const headings = headingsOf(lesson.html)
  return (
    <div className={css.place} data-margin="" data-print="no">
      <ColonnadeProgress
        t={t}
        subject={asSubject(lesson.subject)}
        modules={lesson.modules}
        current={lesson.moduleKey}
      />
      <p className={css.count}>
        <span>{t.t('lesson.place', { number: lesson.position, count: lesson.lessonCount })}</span>{' '}
        <span className="number">{t.t('lesson.time', { time: t.duration(lesson.minutes) })}</span>
      </p>
      {headings.length > 1 ? (
        <nav aria-label={t.t('lesson.contents')} className={css.contents}>
          <ol lang={lesson.language} dir={lesson.direction}>
            {headings.map((heading) => (
              <li key={heading.id}>
                <a href={`#${heading.id}`}>{heading.text}</a>
              </li>
            ))}
          </ol>
        </nav>
      ) : null}
    </div>
  )
}

function Head({ lesson, t }: Props): ReactElement | null {
  if (lesson.questions.length + lesson.objectives.length === 0) return null
  return (
    <div className={css.head}>
      <List title={t.t('lesson.questions')} entries={lesson.questions} lesson={lesson} />
      <List title={t.t('lesson.objectives')} entries={lesson.objectives} lesson={lesson} />
    </div>
  )
}

function List(props: {
  title: string
  entries: readonly string[]
  lesson: LessonPage
  look?: string | undefined
}): ReactElement | null {
  const { title, entries, lesson, look } = props
  if (entries.length === 0) return null
  return (
    <div className={look}>
      <h2 className={css.listTitle}>{title}</h2>
      <ul className={css.list} lang={lesson.language} dir={lesson.direction}>
        {entries.map((entry) => (
          // biome-ignore lint/security/noDangerouslySetInnerHtml: sanitised by the reader
          <li key={entry} dangerouslySetInnerHTML={{ __html: entry }} />
        ))}
      </ul>
    </div>
  )
}

function Onward({ lesson, t }: Props): ReactElement {
  const { previous, next } = lesson
  const link = (slug: string) => localPath(t.lang, lessonPath(lesson.courseSlug, slug))
  const home = localPath(t.lang, coursePath(lesson.courseSlug))
  const own = { lang: lesson.language, dir: lesson.direction }
  const steps = (
    <nav className={css.onward} aria-label={t.t('lesson.onward')} data-print="no">
      {next ? (
        <a className={css.next} href={link(next.slug)} rel="next">
          <span className={css.way}>
            {t.t('lesson.nextLabel')} · <span className="number">{t.duration(next.minutes)}</span>
          </span>
          <span className={css.step} {...own}>
            {next.title}
          </span>
        </a>
      ) : (
        <a className={css.next} href={home}>
          <span className={css.way}>{t.t('lesson.finish')}</span>
          <span className={css.step}>{t.t('lesson.courseHome')}</span>
        </a>
      )}
      {previous ? (
        <a className={css.previous} href={link(previous.slug)} rel="prev">
          <span className={css.way}>
            {t.t('lesson.previousLabel')} ·{' '}
            <span className="number">{t.duration(previous.minutes)}</span>
          </span>
          <span className={css.step} {...own}>
            {previous.title}
          </span>
        </a>
      ) : null}
    </nav>
  )
  return createElement(
    'lesson-place',
    {
      class: css.end,
      'data-course': lesson.courseId,
      'data-lesson': lesson.slug,
      'data-module': lesson.moduleKey,
      'data-title': lesson.title,
    },
    steps,
    lesson.licence || lesson.attribution ? (
      <p className={css.credit}>
        {[lesson.licence, lesson.attribution].filter(Boolean).join(' · ')}
      </p>
    ) : null,
  )
}

// The titles of call-outs and challenges are no sections.
const heading = /<h2\b(?![^>]*\sclass="ln-title")[^>]*?\sid="([^"]+)"[^>]*>([\s\S]*?)<\/h2>/g

function headingsOf(html: string): { id: string; text: string }[] {
  return [...html.matchAll(heading)].map((match) => ({
    id: match[1] ?? '',
    text: plainText(match[2] ?? ''),
  }))
}

/** A button to copy, in the interface's language, for every code figure that is not a program's output. */
function withCopyButtons(html: string, t: Translator): string {
  const button = renderHtml(<CodeCopy t={t} />)
  return html.replace(
    /(<figure class="ln-code"(?! data-language="(?:output|error)")[^>]*>\s*<figcaption>[^<]*)(<\/figcaption>)/g,
    (_, head: string, tail: string) => `${head}${button}${tail}`,
  )
}
