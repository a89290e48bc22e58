import type { Translator } from '@colonnade/ui'
import type { Certificate } from './certificate.ts'

/** What was asked for, in a sentence. */
export function criteriaOf({ grade }: Pick<Certificate, 'grade'>, t: Translator): string {
  if (!grade) return t.t('certificate.criteria.lessons')
  const share = showShare(grade.share, t)
  return grade.threshold === null
    ? t.t('certificate.criteria.graded', { share })
    : t.t('certificate.criteria.threshold', { share, threshold: grade.threshold })
}

/** A grade as people read it: `87%`, rounded down, so that no threshold seems reached that was not. */
export const showShare = (share: number, t: Translator) =>
  t.number(Math.floor(share * 100 + 1e-6) / 100, { style: 'percent' })
