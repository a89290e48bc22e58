import { type CourseTitle, coursePath } from '@colonnade/courses/contract'
import type { FragmentAnswer, PageMeta } from '@colonnade/http'
import { pictureOf } from '@colonnade/media/contract'
import { Drum, ExampleNote, localPath, renderHtml, type Translator } from '@colonnade/ui'
import type { ReactElement } from 'react'
import { instructorPath } from '../contract.ts'
import css from '../elements/profile.module.css'
import type { ShownInstructor } from '../queries/shown.ts'
import {
  affiliation,
  beginning,
  fullName,
  Numbers,
  Portrait,
  paragraphs,
  plainName,
} from './person.tsx'

export type Taught = CourseTitle & { role: 'primary' | 'assistant' }

/** Seconds until a page that lacks the courses, because they are away, is made again. */
const incompleteSeconds = 2

/**
 * An instructor's page.
 * @param taught what they teach; undefined while courses are away: then the page shows less
 */
export function renderProfile(
  person: ShownInstructor,
  taught: readonly Taught[] | undefined,
  t: Translator,
): FragmentAnswer {
  return {
    html: renderHtml(<Profile person={person} taught={taught} t={t} />),
    tags: [`instructor:${person.id}`, ...(taught ?? []).map(({ id }) => `course:${id}`)],
    ...(taught ? {} : { maxAge: incompleteSeconds }),
    meta: metaOf(person),
  }
}

function Profile(props: {
  person: ShownInstructor
  taught: readonly Taught[] | undefined
  t: Translator
}): ReactElement {
  const { person, taught, t } = props
  const place = affiliation(person)
  return (
    <section id="profile" aria-labelledby="profile-title" className={`wrap ${css.profile}`}>
      <div className={css.portrait}>
        {person.photo ? (
          <Portrait image={person.photo} size={200} className={css.photo} />
        ) : (
          <Drum name={plainName(person)} size={160} />
        )}
      </div>
      <div className={css.words}>
        <header className={css.head}>
          <h1 id="profile-title">{fullName(person)}</h1>
          {place ? <p className="lead">{place}</p> : null}
          <p className={css.numbers}>
            <Numbers person={person} t={t} />
          </p>
          {person.example ? <ExampleNote>{t.t('example.person')}</ExampleNote> : null}
        </header>
        {person.biography ? (
          <div className="prose" dir="auto">
            {paragraphs(person.biography).map((text, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: paragraphs have nothing else to tell them apart
              <p key={index}>{text}</p>
            ))}
          </div>
        ) : null}
        {taught ? <Courses taught={taught} t={t} /> : null}
      </div>
    </section>
  )
}

function Courses({ taught, t }: { taught: readonly Taught[]; t: Translator }): ReactElement {
  return (
    <div className={css.courses}>
      <h2>{t.t('instructor.courses')}</h2>
      {taught.length === 0 ? <p className="quiet">{t.t('instructor.noCourses')}</p> : null}
      <ul>
        {taught.map((course) => (
          <li key={course.id} className={css.course}>
            <div lang={course.language}>
              <a className={css.title} href={localPath(t.lang, coursePath(course.slug))}>
                {course.title}
              </a>
              {course.subtitle ? <p className="quiet">{course.subtitle}</p> : null}
            </div>
            <p className="quiet small">
              {t.t(course.role === 'primary' ? 'instructors.primary' : 'instructors.assistant')}
            </p>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** Search engines are told of real people only: a made-up one is not indexed and not described to them. */
function metaOf(person: ShownInstructor): PageMeta {
  const description = person.biography ? beginning(person.biography, 160).text : affiliation(person)
  const canonical = instructorPath(person.id)
  const page = { title: fullName(person), canonical, ...(description ? { description } : {}) }
  if (person.example) return { ...page, noindex: true }
  const image = person.photo ? pictureOf(person.photo).src : undefined
  return {
    ...page,
    ...(image ? { image } : {}),
    jsonLd: {
      '@type': 'Person',
      name: plainName(person),
      ...(person.academicTitle ? { honorificPrefix: person.academicTitle } : {}),
      ...(person.title ? { jobTitle: person.title } : {}),
      ...(person.organisation
        ? { affiliation: { '@type': 'Organization', name: person.organisation } }
        : {}),
      ...(description ? { description } : {}),
    },
  }
}
