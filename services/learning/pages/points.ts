import type { Translator } from '@colonnade/ui'
import type { AttemptLine } from './model.ts'

/** Points, and what they wait for. */
export function pointsText(
  { points, of, waiting }: Pick<AttemptLine, 'points' | 'of' | 'waiting'>,
  t: Translator,
): string {
  const earned = t.t('learn.points', { points, of })
  return waiting > 0 ? `${earned} ${t.t('learn.waiting', { count: waiting })}` : earned
}
