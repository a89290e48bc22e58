import type { Image } from '@colonnade/media/contract'
import { pictureOf } from '@colonnade/media/contract'
import { Picture, type Translator } from '@colonnade/ui'
import type { ReactElement } from 'react'
import type { ShownInstructor } from '../queries/shown.ts'

/** A name as it is said: `Dr Ada Maria Example`. */
export const fullName = (person: ShownInstructor) =>
  [person.academicTitle, person.firstName, person.middleName, person.lastName]
    .filter(Boolean)
    .join(' ')

/** A name without titles, for initials and machines. */
export const plainName = (person: ShownInstructor) =>
  [person.firstName, person.middleName, person.lastName].filter(Boolean).join(' ')

export const affiliation = (person: ShownInstructor) =>
  [person.title, person.organisation].filter(Boolean).join(', ') || undefined

/** A picture decoratively beside its name, at most `size` pixels wide. */
export function Portrait(props: {
  image: Image
  size: number
  alt?: string
  className?: string | undefined
}): ReactElement {
  return (
    <Picture
      {...pictureOf(props.image)}
      alt={props.alt ?? ''}
      sizes={`${props.size}px`}
      className={props.className}
    />
  )
}

/** Learners and rating in words; nothing where there is nothing to count. */
export function Numbers({
  person,
  t,
}: {
  person: ShownInstructor
  t: Translator
}): ReactElement | null {
  const { learners, averageRating, ratings } = person
  const rated = averageRating !== null && ratings > 0
  if (learners === 0 && !rated) return null
  return (
    <>
      {learners > 0 ? (
        <span className="number">{t.t('instructor.learners', { count: learners })}</span>
      ) : null}
      {rated ? (
        <span className="number">
          {t.t('instructor.rating', { rating: averageRating, count: ratings })}
        </span>
      ) : null}
    </>
  )
}

/** A text's paragraphs: parted by empty lines. */
export const paragraphs = (text: string) =>
  text
    .split(/\n\s*\n/)
    .map((one) => one.trim())
    .filter(Boolean)

/** The beginning of a text: its first paragraph, cut between words after about `length` characters. */
export function beginning(text: string, length = 280): { text: string; whole: boolean } {
  const all = paragraphs(text)
  const first = all[0] ?? ''
  if (first.length <= length) return { text: first, whole: all.length <= 1 }
  const cut = first.slice(0, length).toWellFormed()
  const end = cut.lastIndexOf(' ')
  return {
    text: `${(end > length / 2 ? cut.slice(0, end) : cut).replace(/[\s,;:.–-]+$/, '')}…`,
    whole: false,
  }
}
