import type { Translator } from '@colonnade/ui'
import type { Receipt } from '../queries/erasures.ts'

/** What stays whatever services answer, and why. */
export function keptAnyway({ t }: Translator) {
  return [
    { what: t('erase.kept.receipt'), why: t('erase.kept.receipt.why') },
    { what: t('erase.kept.backups'), why: t('erase.kept.backups.why') },
  ]
}

/** What is gone and what stays, of all services. */
export function sumOf({ parts }: Receipt, t: Translator) {
  return {
    gone: [t.t('erase.accounts'), ...parts.flatMap(({ erased }) => erased)],
    kept: [...parts.flatMap(({ kept }) => kept), ...keptAnyway(t)],
    waiting: parts.filter(({ answered }) => !answered).map(({ service }) => service),
  }
}

/** The receipt as plain text. */
export function receiptText(receipt: Receipt, t: Translator): string {
  const { gone, kept } = sumOf(receipt, t)
  const lines = kept.map(({ what, why }) => `- ${what} ${why}`)
  return [
    `${t.t('erase.gone')}:`,
    ...gone.map((one) => `- ${one}`),
    '',
    `${t.t('erase.kept')}:`,
    ...lines,
  ].join('\n')
}
