import type { CourseSource } from '@colonnade/format'
import type { Teaching } from '@colonnade/instructors/contract'
import type { Images } from './images.ts'

/** The people, organisations and voices a course folder names, with those of their pictures that media took; null when it names none. */
export function teachingOf(
  source: Pick<CourseSource, 'people' | 'organisations' | 'testimonials'>,
  images: Images,
): Teaching | null {
  const { people, organisations, testimonials } = source
  if (people.length + organisations.length + testimonials.length === 0) return null
  const imageAt = (path: string | null | undefined) => (path ? images.get(path) : null) ?? null
  return {
    people: people.map(({ photo, ...person }) => ({ ...person, photo: imageAt(photo) })),
    organisations: organisations.map(({ logo, ...organisation }) => ({
      ...organisation,
      url: organisation.url || null,
      logo: imageAt(logo),
    })),
    testimonials: [...testimonials],
  }
}
