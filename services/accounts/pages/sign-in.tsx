import { seeOther } from '@colonnade/http'
import { refused } from '@colonnade/personal'
import { Form, Notice, Sheet, TextField } from '@colonnade/ui'
import { APIError } from 'better-auth/api'
import { withHint } from '../cookies.ts'
import css from '../elements/account.module.css'
import { tryToSignIn } from '../guesses.ts'
import { askSecondStep } from './enter.ts'
import { type Desk, safeNext, type Visit, withNext } from './visit.ts'

type Shown = {
  email?: string | undefined
  next?: string | undefined
  note?: string | undefined
  error?: string | undefined
}

function show(
  { t, local, page }: Visit,
  { providers }: Desk,
  { email, next, note, error }: Shown,
): Response {
  const title = t.t('account.signIn')
  return page(
    <Sheet title={title}>
      {note ? <Notice>{note}</Notice> : null}
      {error ? <Notice kind="error">{error}</Notice> : null}
      <Form action={local('/sign-in')} submit={title}>
        <TextField
          id="email"
          name="email"
          type="email"
          label={t.t('account.email')}
          autoComplete="username"
          maxLength={254}
          value={email}
        />
        <TextField
          id="password"
          name="password"
          type="password"
          label={t.t('account.password')}
          autoComplete="current-password"
          maxLength={128}
        />
        {next ? <input type="hidden" name="next" value={next} /> : null}
      </Form>
      {providers.list.length > 0 ? (
        <nav className={css.aside} aria-label={t.t('provider.with')}>
          {providers.list.map(({ name, label }) => (
            <a
              key={name}
              className={css.provider}
              href={local(toProvider(name, next))}
              rel="nofollow"
            >
              {t.t('provider.go', { provider: label })}
            </a>
          ))}
        </nav>
      ) : null}
      <p className={css.aside}>
        <a href={local('/forgot')}>{t.t('account.forgot')}</a>
        <a href={local(withNext('/sign-up', next))}>{t.t('account.signUp.instead')}</a>
      </p>
    </Sheet>,
    title,
    error ? { status: 422 } : {},
  )
}

const toProvider = (provider: string, next: string | undefined) =>
  `/sign-in/with?${new URLSearchParams({ provider, ...(next ? { next } : {}) })}`

/** The form, or the account of who is signed in already. */
export async function showSignIn(visit: Visit, desk: Desk): Promise<Response> {
  const next = safeNext(visit.query.get('next'))
  if (await visit.signedIn()) return next ? seeOther(next) : visit.goTo('/account')
  const note = visit.query.has('reset') ? visit.t.t('account.reset.done') : undefined
  return show(visit, desk, { next, note })
}

/** The same answer, after the same time, for a wrong password and for an address that nobody has. */
export async function signIn(visit: Visit, desk: Desk): Promise<Response> {
  const { auth, db } = desk
  const { form, t, client, request } = visit
  const email = (form.get('email') ?? '').trim().slice(0, 254)
  const next = safeNext(form.get('next'))
  const tried = await tryToSignIn(db.hot, email, client)
  if ('wait' in tried) return refused(visit, 429, tried.wait)
  const body = { email, password: form.get('password') ?? '' }
  try {
    const { headers, response } = await auth.api.signInEmail({
      body,
      headers: request.headers,
      returnHeaders: true,
    })
    await tried.right()
    const half = await askSecondStep(visit, desk, response.user.id, next)
    if (half) {
      // Nobody was told of this session.
      await (await auth.$context).internalAdapter.deleteSession(response.token)
      return half
    }
    const cookies = withHint(headers)
    return next ? seeOther(next, cookies) : visit.goTo('/account', cookies)
  } catch (error) {
    if (!(error instanceof APIError)) throw error
    if (error.status !== 'FORBIDDEN')
      return show(visit, desk, { email, next, error: t.t('account.wrong') })
    // The password was right, so this tells its owner alone.
    await tried.right()
    return show(visit, desk, { email, next, error: t.t('account.unverified') })
  }
}
