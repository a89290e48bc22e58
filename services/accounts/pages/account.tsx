import { refused } from '@colonnade/personal'
import {
  Button,
  ChoiceField,
  Form,
  languages,
  Notice,
  Section,
  Sheet,
  TextField,
  translator,
} from '@colonnade/ui'
import { APIError } from 'better-auth/api'
import { withoutHint } from '../cookies.ts'
import css from '../elements/account.module.css'
import { tryToSignIn } from '../guesses.ts'
import { passwordRefusal } from '../passwords/refusal.ts'
import { changeProfile } from '../queries/accounts.ts'
import { listRefusals } from '../queries/notices.ts'
import { MailChoices } from './mails.tsx'
import { PhotoForm, Portrait } from './portrait.tsx'
import type { Desk, SignedIn, Visit } from './visit.ts'

const zones = Intl.supportedValuesOf('timeZone')

/** What a person sees of themselves: profile, password, sessions. */
export async function showAccount(
  visit: Visit,
  { person, session }: SignedIn,
  { auth, db }: Desk,
  wrong?: string,
): Promise<Response> {
  const { t, local, page, query, request } = visit
  const title = t.t('account.title')
  const sessions = await auth.api.listSessions({ headers: request.headers })
  const refusals = await listRefusals(db.hot, person.id)
  const isTeacher = person.roles.includes('instructor')
  const isAdministrator = person.roles.includes('administrator')
  return page(
    <>
      <Sheet title={person.name}>
        <Portrait photo={person.photo} name={person.name} />
        <p className="quiet">
          {person.email} · {t.list(person.roles.map((role) => t.t(`account.role.${role}`)))}
        </p>
        {query.has('saved') ? <Notice>{t.t('account.saved')}</Notice> : null}
        {wrong ? <Notice kind="error">{wrong}</Notice> : null}
        <div className={css.aside}>
          <a href={local('/my')}>{t.t('learn.my.title')}</a>
          <Form action={local('/sign-out')} submit={t.t('account.signOut')} look="plain" />
          {isTeacher ? <a href={local('/teach')}>{t.t('desk.title')}</a> : null}
          <a href={local('/account/second-step')}>{t.t('secondFactor.title')}</a>
          <a href={local('/account/tokens')}>{t.t('tokens.title')}</a>
          {isAdministrator ? <a href={local('/admin/people')}>{t.t('admin.people')}</a> : null}
          {isAdministrator ? <a href={local('/admin/mail')}>{t.t('admin.mail')}</a> : null}
        </div>
      </Sheet>
      <Section id="profile" title={t.t('account.profile')}>
        <Form action={local('/account')} submit={t.t('account.save')} look="plain">
          <TextField
            id="name"
            name="name"
            label={t.t('account.name')}
            autoComplete="name"
            maxLength={200}
            value={person.name}
          />
          <ChoiceField
            id="language"
            name="language"
            label={t.t('account.language')}
            value={person.language}
            choices={languages.map((value) => ({
              value,
              label: translator(value).languageName(value),
            }))}
          />
          <ChoiceField
            id="time-zone"
            name="timeZone"
            label={t.t('account.timeZone')}
            value={person.timeZone}
            choices={['UTC', ...zones].map((value) => ({
              value,
              label: value.replaceAll('_', ' '),
            }))}
          />
        </Form>
        <PhotoForm visit={visit} hasPhoto={person.photo !== null} />
      </Section>
      <Section id="password" title={t.t('account.password')}>
        <Form
          action={local('/account/password')}
          submit={t.t('account.password.change')}
          look="plain"
        >
          <TextField
            id="current"
            name="current"
            type="password"
            label={t.t('account.password.current')}
            autoComplete="current-password"
            maxLength={128}
          />
          <TextField
            id="new"
            name="new"
            type="password"
            label={t.t('account.password.new')}
            hint={t.t('account.password.hint')}
            autoComplete="new-password"
            maxLength={128}
          />
        </Form>
      </Section>
      <Section id="mails" title={t.t('account.mails')}>
        <MailChoices t={t} action={local('/account/mails')} refusals={refusals} />
      </Section>
      <Section id="sessions" title={t.t('account.sessions')}>
        <ul className={css.list}>
          {sessions.map((one) => (
            <li key={one.id} className={css.item}>
              <span>
                {one.userAgent || t.t('account.session.unknown')}
                <br />
                <span className="quiet small">
                  {t.t('account.session.since', { date: t.date(one.createdAt) })}
                  {one.id === session ? ` · ${t.t('account.session.this')}` : ''}
                </span>
              </span>
              {one.id === session ? null : (
                <form method="post" action={local('/account/sessions')}>
                  <Button type="submit" name="end" value={one.id}>
                    {t.t('account.session.end')}
                  </Button>
                </form>
              )}
            </li>
          ))}
        </ul>
      </Section>
      <Section id="leave" title={t.t('account.leave')}>
        <p className={css.aside}>
          <a href={local('/account/data')}>{t.t('data.action')}</a>
          <a href={local('/account/erase')}>{t.t('erase.link')}</a>
        </p>
      </Section>
    </>,
    title,
    wrong ? { status: 422 } : {},
  )
}

/** Keeps name, language and time zone; the page goes on in the language chosen. */
export async function saveProfile(visit: Visit, who: SignedIn, desk: Desk): Promise<Response> {
  const { form, t } = visit
  const name = (form.get('name') ?? '').trim().replace(/\s+/g, ' ')
  const language = languages.find((one) => one === form.get('language')) ?? visit.lang
  const timeZone = form.get('timeZone') ?? 'UTC'
  if (name === '' || name.length > 200)
    return await showAccount(visit, who, desk, t.t('account.name.wrong'))
  if (timeZone !== 'UTC' && !zones.includes(timeZone)) return refused(visit, 404)
  await changeProfile(desk.db.hot, who.person.id, { name, language, timeZone })
  return visit.goTo('/account?saved')
}

/** The new password counts at once; every other session ends. */
export async function changePassword(visit: Visit, who: SignedIn, desk: Desk): Promise<Response> {
  const { form, t, client, request } = visit
  const newPassword = form.get('new') ?? ''
  const refusal = passwordRefusal(newPassword, who.person.email)
  if (refusal) return await showAccount(visit, who, desk, t.t(refusal))
  const tried = await tryToSignIn(desk.db.hot, who.person.email, client)
  if ('wait' in tried) return refused(visit, 429, tried.wait)
  try {
    const { headers } = await desk.auth.api.changePassword({
      body: { currentPassword: form.get('current') ?? '', newPassword, revokeOtherSessions: true },
      headers: request.headers,
      returnHeaders: true,
    })
    await tried.right()
    const cookies = new Headers()
    for (const cookie of headers.getSetCookie()) cookies.append('Set-Cookie', cookie)
    return visit.goTo('/account?saved', cookies)
  } catch (error) {
    if (!(error instanceof APIError)) throw error
    return await showAccount(visit, who, desk, t.t('account.password.wrong'))
  }
}

/** Ends one of the person's own sessions: everywhere within a minute. */
export async function endSession(visit: Visit, _who: SignedIn, { auth }: Desk): Promise<Response> {
  const { headers } = visit.request
  const own = await auth.api.listSessions({ headers })
  const ended = own.find(({ id }) => id === visit.form.get('end'))
  if (!ended) return refused(visit, 404)
  await auth.api.revokeSession({ body: { token: ended.token }, headers })
  return visit.goTo('/account#sessions')
}

/** Ends this session. Whoever has none is signed out already. */
export async function signOut(visit: Visit, { auth }: Desk): Promise<Response> {
  const { headers } = await auth.api.signOut({
    headers: visit.request.headers,
    returnHeaders: true,
  })
  return visit.goTo('/', withoutHint(headers))
}
