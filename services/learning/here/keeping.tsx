import { localPath, type MessageId, type Translator } from '@colonnade/ui'
import type { ReactElement } from 'react'
import css from '../elements/here.module.css'

const phases = ['saved', 'saving', 'waiting', 'blocked', 'other-person', 'page'] as const
/** Said beside a phase. */
const apart = ['refused', 'uncounted'] as const
const also = ['files', 'handed'] as const

/**
 * How safe a person's work is, as sentences of which `elements/keeping-status.ts` shows the one that holds: nothing without
 * scripts, where Save tells by itself.
 * @param next the page to come back to after signing in, without the language's prefix
 */
export function Keeping({ next, t }: { next: string; t: Translator }): ReactElement {
  const signIn = `${localPath(t.lang, '/sign-in')}?next=${encodeURIComponent(localPath(t.lang, next))}`
  return (
    <p className={css.keeping} role="status" data-keeping="">
      {phases.map((phase) => (
        <span key={phase} data-when={phase} hidden>
          {t.t(`keep.${phase}` satisfies MessageId)}{' '}
        </span>
      ))}
      <span data-when="signed-out" hidden>
        {t.t('keep.signed-out')} <a href={signIn}>{t.t('keep.signIn')}</a>{' '}
      </span>
      {apart.map((one) => (
        <span key={one} data-when={one} hidden>
          {t.t(`keep.${one}` satisfies MessageId)}{' '}
        </span>
      ))}
      {also.map((one) => (
        <span key={one} data-also={one} hidden>
          {t.t(`keep.${one}` satisfies MessageId)}{' '}
        </span>
      ))}
    </p>
  )
}
