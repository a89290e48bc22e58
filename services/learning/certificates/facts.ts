import type { Translator } from '@colonnade/ui'
import type { Certificate } from './certificate.ts'
import { showShare } from './criteria.ts'

/** The facts that stand on a certificate, on paper as on its page. */
export function factsOf(
  { id, issuedAt, grade, modules }: Certificate,
  t: Translator,
): { label: string; value: string }[] {
  const minutes = modules.reduce((sum, module) => sum + module.minutes, 0)
  const facts = [{ label: t.t('certificate.issued'), value: t.date(issuedAt) }]
  if (grade) {
    const share = showShare(grade.share, t)
    const value = grade.threshold === null ? share : `${share} (${grade.threshold})`
    facts.push({ label: t.t('certificate.grade'), value })
  }
  if (minutes > 0) facts.push({ label: t.t('certificate.time'), value: t.duration(minutes) })
  facts.push({ label: t.t('certificate.number'), value: id })
  return facts
}
