import type { FragmentAnswer } from '@colonnade/http'
import {
  asSubject,
  ColonnadeHero,
  ExampleNote,
  Facts,
  levelName,
  localPath,
  Rating,
  renderHtml,
  type Translator,
} from '@colonnade/ui'
import { createElement, type ReactElement } from 'react'
import { coursePath, lessonPath } from '../contract.ts'
import css from '../elements/banner.module.css'
import type { Listed } from '../queries/course.ts'
import { shorten } from './shorten.ts'

/** The head of a course's page: what it is, who teaches it, how to begin, and its colonnade. */
export function renderBanner(course: Listed, t: Translator): FragmentAnswer {
  const promise = promiseOf(course)
  return {
    html: renderHtml(<Banner course={course} t={t} />),
    tags: [`course:${course.id}`],
    meta: {
      title: course.title,
      ...(promise ? { description: promise } : {}),
      image: `${coursePath(course.slug)}/picture.png`,
      canonical: coursePath(course.slug),
      jsonLd: structuredData(course),
    },
  }
}

function Banner({ course, t }: { course: Listed; t: Translator }): ReactElement {
  const { language, direction } = course
  return (
    <section id="banner" aria-labelledby="banner-title" className={`wrap ${css.banner}`}>
      <div className={css.words}>
        <div lang={language} dir={direction}>
          <h1 id="banner-title" className={css.title}>
            {course.title}
          </h1>
          {course.subtitle ? <p className="lead">{course.subtitle}</p> : null}
        </div>
        <Credits course={course} t={t} />
        <Facts
          layout="line"
          facts={[
            { label: t.t('about.time'), value: t.duration(course.minutes) },
            { label: t.t('about.level'), value: levelName(t, course.level) },
            { label: t.t('about.language'), value: t.languageName(language) },
          ]}
        />
        <Start course={course} t={t} />
      </div>
      <ColonnadeHero
        t={t}
        lang={language}
        subject={asSubject(course.subject)}
        modules={course.modules.map((module) => ({ ...module, href: `#module-${module.key}` }))}
      />
    </section>
  )
}

function Credits({ course, t }: { course: Listed; t: Translator }): ReactElement | null {
  const names = course.teachers.map((teacher) => teacher.name)
  if (names.length + course.ratingCount + course.learners === 0 && !course.sample) return null
  return (
    <div className={css.credits}>
      {names.length > 0 ? <p>{t.t('banner.taughtBy', { names: t.list(names) })}</p> : null}
      <Rating t={t} average={course.ratingAverage} count={course.ratingCount} href="#reviews" />
      {course.learners > 0 ? (
        <p className="quiet number">{t.t('banner.learners', { count: course.learners })}</p>
      ) : null}
      {course.sample ? <ExampleNote>{t.t('example.course')}</ExampleNote> : null}
    </div>
  )
}

/** The link to begin with; `course-place` turns it into the one to go on with. */
function Start({ course, t }: { course: Listed; t: Translator }): ReactElement | null {
  const { firstLesson: first } = course
  if (!first) return null
  const href = localPath(t.lang, lessonPath(course.slug, first.slug))
  return createElement(
    'course-place',
    {
      class: css.start,
      'data-course': course.id,
      'data-continue': t.t('banner.continue'),
      'data-at': t.t('banner.continueAt', { lesson: '%' }),
      'data-modules': course.modules.map((module) => `${module.key}:${module.lessons}`).join(' '),
    },
    <a className={css.button} href={href}>
      {t.t('banner.start')}
    </a>,
    <p className={css.hint}>
      <span data-place="">{t.t('banner.startWith', { lesson: first.title })}</span>{' '}
      <span className={css.free}>{t.t('banner.free')}</span>
    </p>,
  )
}

const promiseOf = (course: Listed) => course.subtitle || shorten(course.opening, 160)

/** schema.org's Course, as far as this service knows it. */
function structuredData(course: Listed): Record<string, unknown> {
  const workload = `PT${Math.max(1, course.minutes)}M`
  return {
    '@type': 'Course',
    name: course.title,
    ...(promiseOf(course) ? { description: promiseOf(course) } : {}),
    inLanguage: course.language,
    educationalLevel: course.level,
    about: course.subject,
    isAccessibleForFree: true,
    timeRequired: workload,
    hasCourseInstance: [
      {
        '@type': 'CourseInstance',
        courseMode: 'Online',
        courseWorkload: workload,
        inLanguage: course.language,
        ...(course.teachers.length > 0
          ? {
              instructor: course.teachers.map(({ name }) => ({ '@type': 'Person', name })),
            }
          : {}),
      },
    ],
    offers: [{ '@type': 'Offer', category: 'Free', price: 0, priceCurrency: 'EUR' }],
    // A sample's reviews are made up: they are shown as such, and never told to search engines.
    ...(course.ratingCount > 0 && !course.sample
      ? {
          aggregateRating: {
            '@type': 'AggregateRating',
            ratingValue: course.ratingAverage,
            ratingCount: course.ratingCount,
            bestRating: 5,
            worstRating: 1,
          },
        }
      : {}),
  }
}
