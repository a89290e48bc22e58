import { Form, Notice, Sheet, type Translator } from '@colonnade/ui'
import type { ReactElement } from 'react'
import { mailKinds } from '../contract.ts'
import css from '../elements/account.module.css'
import { refuseKind, setRefusals } from '../queries/notices.ts'
import type { Desk, SignedIn, Visit } from './visit.ts'

/** The kinds of mails there are, each with a tick unless it is refused. */
export function MailChoices(props: {
  t: Translator
  action: string
  refusals: readonly string[]
}): ReactElement {
  const { t, action, refusals } = props
  return (
    <Form action={action} submit={t.t('account.save')} look="plain">
      <fieldset className={css.choices}>
        <legend>{t.t('account.mails.lead')}</legend>
        {mailKinds.map((kind) => (
          <label key={kind}>
            <input
              type="checkbox"
              name="kind"
              value={kind}
              defaultChecked={!refusals.includes(kind)}
            />
            {t.t(`mail.kind.${kind}`)}
          </label>
        ))}
      </fieldset>
      <p className="quiet small">{t.t('account.mails.always')}</p>
    </Form>
  )
}

/** Keeps which kinds a person wants: what is not ticked is refused. */
export async function saveMailChoices(
  visit: Visit,
  { person }: SignedIn,
  { db }: Desk,
): Promise<Response> {
  const wanted = visit.form.getAll('kind')
  const refused = mailKinds.filter((kind) => !wanted.includes(kind))
  await setRefusals(db.hot, person.id, refused)
  return visit.goTo('/account?saved')
}

/** A button, since programs that look through mails open links too. Nobody has to be signed in. */
export function showUnsubscribe({ t, local, query, page }: Visit, desk: Desk): Response {
  const title = t.t('unsubscribe.title')
  const token = query.get('token') ?? ''
  const asked = desk.unsubscribe.read(token)
  return page(
    <Sheet title={title}>
      {asked ? (
        <>
          <p className="lead">{t.t('unsubscribe.ask', { kind: t.t(`mail.kind.${asked.kind}`) })}</p>
          <Form
            action={local(`/unsubscribe?token=${encodeURIComponent(token)}`)}
            submit={t.t('unsubscribe.action')}
          />
        </>
      ) : (
        <Notice kind="error">{t.t('unsubscribe.unknown')}</Notice>
      )}
    </Sheet>,
    title,
    asked ? {} : { status: 422 },
  )
}

/**
 * Refuses the kind that the link names. The mail program itself may send this (RFC 8058), from anywhere and without a
 * cookie, and follows no redirect: so the answer is the page.
 */
export async function unsubscribe(visit: Visit, desk: Desk): Promise<Response> {
  const { t, local, query, page } = visit
  const asked = desk.unsubscribe.read(query.get('token') ?? '')
  const done = asked && (await refuseKind(desk.db.hot, asked.person, asked.kind))
  if (!done) return showUnsubscribe({ ...visit, query: new URLSearchParams() }, desk)
  const title = t.t('unsubscribe.done.title')
  return page(
    <Sheet title={title}>
      <p className="lead">{t.t('unsubscribe.done', { kind: t.t(`mail.kind.${asked.kind}`) })}</p>
      <p>
        <a href={local('/account#mails')}>{t.t('unsubscribe.change')}</a>
      </p>
    </Sheet>,
    title,
  )
}
