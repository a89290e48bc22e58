import { Button, type Translator } from '@colonnade/ui'
import type { ReactElement } from 'react'
import css from '../elements/here.module.css'

/** A version of a note that stands; two of the same note were written without knowing of each other. */
export type Note = { note: string; entry: string; text: string; anchor: string | undefined }

/** A learner's notes on a lesson, and where to write one. Made whole and changed by the element around it. */
export function NoteMargin(props: { notes: readonly Note[]; t: Translator }): ReactElement {
  const { notes, t } = props
  return (
    <details className={css.notes}>
      <summary>
        {t.t('notes.title')} <span data-count="">{notes.length}</span>
      </summary>
      <ul>
        {notes.map((note) => (
          <Line key={note.entry} note={note} t={t} />
        ))}
      </ul>
      <template>
        <Line note={{ note: '', entry: '', text: '', anchor: undefined }} t={t} />
      </template>
      <form>
        <label htmlFor="new-note">{t.t('notes.label')}</label>
        <textarea id="new-note" rows={3} maxLength={20_000} required />
        <Button type="submit">{t.t('notes.keep')}</Button>
      </form>
    </details>
  )
}

function Line({ note, t }: { note: Note; t: Translator }): ReactElement {
  const { note: id, entry, text, anchor } = note
  return (
    <li data-note={id} data-entry={entry} data-anchor={anchor}>
      <p data-text="" className={css.note}>
        {text}
      </p>
      <p className={css.line}>
        <a href={`#${anchor ?? 'lesson'}`} hidden={anchor === undefined}>
          {t.t('notes.where')}
        </a>
        <Button look="quiet" name="change">
          {t.t('notes.change')}
        </Button>
        <Button look="quiet" name="remove">
          {t.t('notes.remove')}
        </Button>
      </p>
    </li>
  )
}
