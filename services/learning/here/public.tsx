import type { FragmentAnswer, FragmentRequest, FragmentSpec, Section } from '@colonnade/http'
import {
  defaultLanguage,
  findLanguage,
  localPath,
  renderHtml,
  type Translator,
  translator,
} from '@colonnade/ui'
import { createElement } from 'react'
import css from '../elements/here.module.css'
import { enrolPath } from '../pages/paths.ts'

const away = { message: 'away.here', height: 72 }

export const fragments = {
  enrol: { params: ['course', 'slug'], budget: 400, away, keep: true },
  here: { params: ['course', 'slug', 'lesson'], budget: 400, away, keep: true },
} satisfies Record<string, FragmentSpec>

export const sections: readonly Section[] = [
  { page: 'course', fragment: 'enrol', place: 15 },
  { page: 'lesson', fragment: 'here', place: 20, width: 'wide' },
]

/** Both fragments are made of what the page's address says: nobody is asked, so they are there when courses are away. */
export const publicFragments = { enrol: answer, here: answer }

async function answer({ params, lang }: FragmentRequest): Promise<FragmentAnswer> {
  const { slug, lesson } = params
  const id = Number(params.course)
  if (!slug || !Number.isSafeInteger(id) || id <= 0) return { status: 404 }
  return renderPublic({ id, slug }, lesson, translator(findLanguage(lang) ?? defaultLanguage))
}

/** Where a course, or one of its lessons, takes people in: the same for everybody. The element puts their own part in. */
function renderPublic(
  course: { id: number; slug: string },
  lesson: string | undefined,
  t: Translator,
): FragmentAnswer {
  const query = new URLSearchParams({
    course: String(course.id),
    ...(lesson === undefined ? {} : { lesson }),
    lang: t.lang,
  })
  return {
    html: renderHtml(
      <section id="here" aria-label={t.t('here.title')} className={`wrap ${css.here}`}>
        {createElement(
          'learner-here',
          { 'data-course': course.id, 'data-here': `/my/here?${query}` },
          <p className={css.line}>
            <a href={localPath(t.lang, enrolPath(course.slug))}>{t.t('here.enrol')}</a>{' '}
            <span className="quiet">{t.t('here.enrol.why')}</span>
          </p>,
        )}
      </section>,
    ),
    tags: [`course:${course.id}`],
    maxAge: 300,
  }
}
