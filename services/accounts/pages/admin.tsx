import { type Role, roles } from '@colonnade/http'
import { Button, Empty, Notice, Sheet } from '@colonnade/ui'
import css from '../elements/account.module.css'
import { listPeople, setRoles } from '../queries/accounts.ts'
import type { Desk, Visit } from './visit.ts'

const shownAtOnce = 100

/** Mails that lie in the folder, the newest first; with a mail server there are none. */
export async function showMail({ t, page }: Visit, { folder, settings }: Desk): Promise<Response> {
  const title = t.t('admin.mail')
  const letters = await folder.list(shownAtOnce)
  return page(
    <Sheet title={title}>
      <p className="quiet">{t.t(settings.smtp ? 'admin.mail.sent' : 'admin.mail.kept')}</p>
      {letters.length === 0 ? <Empty title={t.t('admin.mail.none')} /> : null}
      {letters.map((letter) => (
        <article key={letter.id} className={css.letter}>
          <h2>{letter.subject}</h2>
          <p className="quiet small">
            {letter.recipient} · {t.date(letter.at, { timeStyle: 'short' })}
          </p>
          <p>{letter.body}</p>
        </article>
      ))}
    </Sheet>,
    title,
  )
}

/** People, a hundred of them at most, and what each may do. */
export async function showPeople(
  { t, page, query, local }: Visit,
  { db }: Desk,
  last = false,
): Promise<Response> {
  const title = t.t('admin.people')
  const text = (query.get('q') ?? '').slice(0, 200)
  const people = await listPeople(db.hot, text, shownAtOnce)
  return page(
    <Sheet title={title}>
      {last ? <Notice kind="error">{t.t('admin.people.last')}</Notice> : null}
      {query.has('saved') ? <Notice>{t.t('account.saved')}</Notice> : null}
      <form className={css.roles} action={local('/admin/people')}>
        <label htmlFor="q">{t.t('admin.people.search')}</label>
        <input id="q" name="q" type="search" defaultValue={text} maxLength={200} />
        <Button type="submit">{t.t('search.action')}</Button>
      </form>
      {people.length === 0 ? <Empty title={t.t('admin.people.none')} /> : null}
      <ul className={css.list}>
        {people.map((person) => (
          <li key={person.id} className={css.item}>
            <span>
              {person.name}
              <br />
              <span className="quiet small">{person.email}</span>
            </span>
            <form className={css.roles} method="post" action={local('/admin/people')}>
              <input type="hidden" name="person" value={person.id} />
              {roles.slice(1).map((role) => (
                <label key={role}>
                  <input
                    type="checkbox"
                    name="role"
                    value={role}
                    defaultChecked={person.roles.includes(role)}
                  />
                  {t.t(`account.role.${role}`)}
                </label>
              ))}
              <Button type="submit">
                {t.t('account.save')}
                <span className="visually-hidden"> {person.name}</span>
              </Button>
            </form>
          </li>
        ))}
      </ul>
    </Sheet>,
    title,
    last ? { status: 409 } : {},
  )
}

/** Sets what somebody may do. Somebody stays administrator: the last one keeps the role. */
export async function savePeople(visit: Visit, desk: Desk): Promise<Response> {
  const { form } = visit
  const chosen = form.getAll('role')
  const held: Role[] = roles.filter((role) => role === 'learner' || chosen.includes(role))
  const done = await setRoles(desk.db.work, form.get('person') ?? '', held)
  return done ? visit.goTo('/admin/people?saved') : await showPeople(visit, desk, true)
}
