import type { FragmentAnswer } from '@colonnade/http'
import { pictureOf } from '@colonnade/media/contract'
import {
  Byline,
  Drum,
  ExampleNote,
  localPath,
  Picture,
  renderHtml,
  Section,
  type Translator,
} from '@colonnade/ui'
import type { ReactElement } from 'react'
import { instructorPath } from '../contract.ts'
import css from '../elements/instructors.module.css'
import type { ShownOrganisation, ShownTeacher, ShownTestimonial } from '../queries/shown.ts'
import { affiliation, beginning, fullName, Numbers, Portrait, plainName } from './person.tsx'

const tagOf = (courseId: number) => `teachers-of:${courseId}`

/** Who teaches a course, as bylines. */
export function renderTeachers(
  courseId: number,
  teachers: readonly ShownTeacher[],
  t: Translator,
): FragmentAnswer {
  const tags = [tagOf(courseId), ...teachers.map(({ id }) => `instructor:${id}`)]
  if (teachers.length === 0) return { status: 204, tags }
  const html = renderHtml(
    <Section id="instructors" title={t.t('instructors.title', { count: teachers.length })}>
      {teachers.map((teacher) => (
        <Teacher key={teacher.id} teacher={teacher} t={t} />
      ))}
    </Section>,
  )
  return { html, tags }
}

function Teacher({ teacher, t }: { teacher: ShownTeacher; t: Translator }): ReactElement {
  const href = localPath(t.lang, instructorPath(teacher.id))
  const name = fullName(teacher)
  const biography = teacher.biography ? beginning(teacher.biography) : null
  return (
    <Byline
      name={name}
      href={href}
      role={t.t(teacher.role === 'primary' ? 'instructors.primary' : 'instructors.assistant')}
      affiliation={affiliation(teacher)}
      picture={
        teacher.photo ? (
          <Portrait image={teacher.photo} size={72} />
        ) : (
          <Drum name={plainName(teacher)} size={72} />
        )
      }
      example={teacher.example ? t.t('example.person') : undefined}
      facts={<Numbers person={teacher} t={t} />}
    >
      {biography ? (
        <p className={`prose prose-small ${css.biography}`} dir="auto">
          {biography.text}
        </p>
      ) : null}
      {biography && !biography.whole ? (
        <p>
          <a className={css.more} href={href}>
            {t.t('instructor.more', { name: plainName(teacher) })}
          </a>
        </p>
      ) : null}
    </Byline>
  )
}

/** The organisations that offer a course. Those made up for a sample are not named to search engines. */
export function renderOfferedBy(
  courseId: number,
  organisations: readonly ShownOrganisation[],
  t: Translator,
): FragmentAnswer {
  const tags = [tagOf(courseId)]
  if (organisations.length === 0) return { status: 204, tags }
  const html = renderHtml(
    <Section id="offered-by" title={t.t('offeredBy.title')}>
      <ul className={css.organisations}>
        {organisations.map((organisation) => (
          <li key={organisation.id}>
            <Organisation organisation={organisation} t={t} />
          </li>
        ))}
      </ul>
    </Section>,
  )
  const real = organisations.filter(({ example }) => !example)
  const provider = real.map(({ name, url }) => ({
    '@type': 'Organization',
    name,
    ...(url ? { url } : {}),
  }))
  return { html, tags, ...(provider.length > 0 ? { meta: { jsonLd: { provider } } } : {}) }
}

function Organisation(props: { organisation: ShownOrganisation; t: Translator }): ReactElement {
  const { organisation, t } = props
  const { name, url, description, logo } = organisation
  return (
    <article className={css.organisation}>
      {logo ? <Picture {...pictureOf(logo)} alt="" sizes="160px" className={css.logo} /> : null}
      <h3 className={css.name}>{name}</h3>
      {description ? (
        <p className="prose prose-small" dir="auto">
          {description}
        </p>
      ) : null}
      {url ? (
        <p>
          <a className={css.more} href={url} rel="noopener">
            {t.t('offeredBy.visit', { name })}
          </a>
        </p>
      ) : null}
      {organisation.example ? <ExampleNote>{t.t('example.organisation')}</ExampleNote> : null}
    </article>
  )
}

/** What people say about a course. */
export function renderTestimonials(
  courseId: number,
  testimonials: readonly ShownTestimonial[],
  t: Translator,
): FragmentAnswer {
  const tags = [tagOf(courseId)]
  if (testimonials.length === 0) return { status: 204, tags }
  const html = renderHtml(
    <Section id="testimonials" title={t.t('testimonials.title')}>
      <ul className={css.voices}>
        {testimonials.map((one) => (
          <li key={one.id}>
            <figure className={css.voice}>
              <blockquote className="prose prose-small" dir="auto">
                <p>{one.text}</p>
              </blockquote>
              <figcaption className={css.speaker}>
                <span>
                  <b>{one.author}</b>
                  {one.role ? <span className="quiet">{` · ${one.role}`}</span> : null}
                </span>
                {one.example ? <ExampleNote>{t.t('example.testimonial')}</ExampleNote> : null}
              </figcaption>
            </figure>
          </li>
        ))}
      </ul>
    </Section>,
  )
  return { html, tags }
}
