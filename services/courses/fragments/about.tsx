import type { FragmentAnswer } from '@colonnade/http'
import { pictureOf } from '@colonnade/media/contract'
import {
  Facts,
  Html,
  levelName,
  localPath,
  type MessageId,
  Picture,
  renderHtml,
  Section,
  subjects,
  TagList,
  type Translator,
} from '@colonnade/ui'
import type { ReactElement } from 'react'
import { lessonPath } from '../contract.ts'
import css from '../elements/about.module.css'
import type { CourseDetail } from '../queries/course.ts'
import { localiseLinks } from './links.ts'

/** What a course gives, how it begins, and its details. */
export function renderAbout(course: CourseDetail, t: Translator): FragmentAnswer {
  return {
    html: renderHtml(<About course={course} t={t} />),
    tags: [`course:${course.id}`],
    meta: {
      description: course.description.slice(0, 200),
      ...(course.skills.length > 0 ? { jsonLd: { teaches: course.skills } } : {}),
    },
  }
}

type Props = { course: CourseDetail; t: Translator }

function About({ course, t }: Props): ReactElement {
  const { language, direction, outcomes, skills } = course
  const own = { lang: language, dir: direction }
  return (
    <Section id="about" title={t.t('about.title')} margin={<Details course={course} t={t} />}>
      <div className={css.parts}>
        {outcomes.length > 0 ? (
          <div>
            <h3 id="about-outcomes">{t.t('about.outcomes')}</h3>
            <ul className={css.outcomes} {...own}>
              {outcomes.map((outcome) => (
                <li key={outcome}>{outcome}</li>
              ))}
            </ul>
          </div>
        ) : null}
        {skills.length > 0 ? (
          <div {...own}>
            <TagList tags={skills} label={t.t('about.skills')} />
          </div>
        ) : null}
        {course.image ? (
          <Picture alt="" {...pictureOf(course.image)} sizes="(min-width: 62.5rem) 40rem, 100vw" />
        ) : null}
        {course.descriptionHtml ? (
          <Html {...own} className="prose" html={localiseLinks(course.descriptionHtml, t.lang)} />
        ) : null}
        <Opening course={course} t={t} />
      </div>
    </Section>
  )
}

/** The first lesson's first paragraph, to read at once. */
function Opening({ course, t }: Props): ReactElement | null {
  const { firstLesson, openingHtml } = course
  if (!firstLesson || !openingHtml) return null
  return (
    <div className={css.opening}>
      <h3>{t.t('course.opening')}</h3>
      <Html
        className="prose"
        lang={course.language}
        dir={course.direction}
        html={localiseLinks(openingHtml, t.lang)}
      />
      <p className={css.readOn}>
        <a href={localPath(t.lang, lessonPath(course.slug, firstLesson.slug))}>
          {t.t('course.readOn')}
        </a>
      </p>
    </div>
  )
}

function Details({ course, t }: Props): ReactElement {
  const subject = subjects.find((known) => known === course.subject)
  const subjectName: MessageId | undefined = subject && `subject.${subject}`
  return (
    <div className={css.details}>
      <Facts
        facts={[
          { label: t.t('about.subject'), value: subjectName && t.t(subjectName) },
          { label: t.t('about.level'), value: levelName(t, course.level) },
          { label: t.t('about.language'), value: t.languageName(course.language) },
          { label: t.t('about.time'), value: t.duration(course.minutes) },
          {
            label: t.t('about.effort'),
            value: course.effort && <span lang={course.language}>{course.effort}</span>,
          },
          {
            label: t.t('about.updated'),
            value: t.date(course.publishedAt, { dateStyle: 'medium' }),
          },
          { label: t.t('about.licence'), value: course.licence },
          { label: t.t('about.attribution'), value: course.attribution },
          {
            label: t.t('about.source'),
            value: course.source && <SourceLink source={course.source} />,
          },
        ]}
      />
    </div>
  )
}

function SourceLink({ source }: { source: string }): ReactElement | string {
  if (!/^https?:\/\//.test(source)) return source
  return (
    <a href={source} rel="noopener">
      {URL.canParse(source) ? new URL(source).host : source}
    </a>
  )
}
