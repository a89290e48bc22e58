import { setTimeout as delay } from 'node:timers/promises'
import { seeOther } from '@colonnade/http'
import { refused } from '@colonnade/personal'
import { Form, type MessageId, Notice, Sheet, TextField } from '@colonnade/ui'
import { APIError } from 'better-auth/api'
import { z } from 'zod'
import { withHint } from '../cookies.ts'
import css from '../elements/account.module.css'
import { tryToMail } from '../guesses.ts'
import { passwordRefusal } from '../passwords/refusal.ts'
import { type Desk, safeNext, type Visit, withNext } from './visit.ts'

/** What needs a mail answers no sooner than this, so that its time does not tell whether an address has an account. */
export const evenMs = 600

export type Wrong = { name?: MessageId; email?: MessageId; password?: MessageId }

/** A new account as somebody typed it, and what is wrong with it. */
export function readNewAccount(form: URLSearchParams) {
  const name = (form.get('name') ?? '').trim().replace(/\s+/g, ' ')
  const email = (form.get('email') ?? '').trim().toLowerCase()
  const password = form.get('password') ?? ''
  const wrong: Wrong = {}
  if (name === '' || name.length > 200) wrong.name = 'account.name.wrong'
  if (!z.email().max(254).safeParse(email).success) wrong.email = 'account.email.wrong'
  const refusal = passwordRefusal(password, email)
  if (refusal) wrong.password = refusal
  return { name, email, password, wrong, isRight: Object.keys(wrong).length === 0 }
}

/** Fields of a new account. */
export function AccountFields({
  t,
  name,
  email,
  wrong,
}: Pick<Visit, 't'> & { name?: string; email?: string; wrong: Wrong }) {
  const told = (id: MessageId | undefined) => id && t.t(id)
  return (
    <>
      <TextField
        id="name"
        name="name"
        label={t.t('account.name')}
        hint={t.t('account.name.hint')}
        autoComplete="name"
        maxLength={200}
        value={name}
        error={told(wrong.name)}
      />
      <TextField
        id="email"
        name="email"
        type="email"
        label={t.t('account.email')}
        autoComplete="username"
        maxLength={254}
        value={email}
        error={told(wrong.email)}
      />
      <TextField
        id="password"
        name="password"
        type="password"
        label={t.t('account.password')}
        hint={t.t('account.password.hint')}
        autoComplete="new-password"
        maxLength={128}
        error={told(wrong.password)}
      />
    </>
  )
}

/** The form, or the note that a mail is on its way. */
export function showSignUp(visit: Visit): Response {
  const { t, query } = visit
  if (!query.has('sent')) return show(visit, { next: safeNext(query.get('next')) })
  const title = t.t('account.sent.title')
  return visit.page(
    <Sheet title={title}>
      <p className="lead">{t.t('account.sent')}</p>
    </Sheet>,
    title,
  )
}

function show(
  { t, local, page }: Visit,
  { next, ...given }: { name?: string; email?: string; wrong?: Wrong; next: string | undefined },
): Response {
  const title = t.t('account.signUp')
  return page(
    <Sheet title={title}>
      <Form action={local('/sign-up')} submit={title}>
        <AccountFields t={t} {...given} wrong={given.wrong ?? {}} />
        {next ? <input type="hidden" name="next" value={next} /> : null}
      </Form>
      <p className={css.aside}>
        <a href={local(withNext('/sign-in', next))}>{t.t('account.signIn.instead')}</a>
      </p>
    </Sheet>,
    title,
    given.wrong ? { status: 422 } : {},
  )
}

/** Whoever has an account already gets a mail that says so; the page says the same to everybody. */
export async function signUp(visit: Visit, { auth, db }: Desk): Promise<Response> {
  const { name, email, password, wrong, isRight } = readNewAccount(visit.form)
  const next = safeNext(visit.form.get('next'))
  if (!isRight) return show(visit, { name, email, wrong, next })
  const wait = await tryToMail(db.hot, email, visit.client)
  if (wait > 0) return refused(visit, 429, wait)
  const even = delay(evenMs)
  const body = { name, email, password, language: visit.lang }
  await auth.api.signUpEmail({ body: next ? { ...body, callbackURL: next } : body })
  await even
  return visit.goTo('/sign-up?sent')
}

/** A button, since programs that look through mails open links too. */
export function showVerify(visit: Visit, failed = false): Response {
  const { t, local, query, form, page } = visit
  const title = t.t('account.verify')
  return page(
    <Sheet title={title}>
      {failed ? (
        <Notice kind="error">{t.t('account.verify.ended')}</Notice>
      ) : (
        <Form action={local('/verify')} submit={t.t('account.verify.action')}>
          <input type="hidden" name="token" value={query.get('token') ?? form.get('token') ?? ''} />
          <input type="hidden" name="next" value={safeNext(query.get('next')) ?? ''} />
        </Form>
      )}
    </Sheet>,
    title,
    failed ? { status: 422 } : {},
  )
}

/** The address is theirs: they are signed in. */
export async function verify(visit: Visit, { auth }: Desk): Promise<Response> {
  try {
    const { headers } = await auth.api.verifyEmail({
      query: { token: visit.form.get('token') ?? '' },
      headers: visit.request.headers,
      returnHeaders: true,
    })
    const isSignedIn = headers.getSetCookie().length > 0
    const next = safeNext(visit.form.get('next'))
    if (!isSignedIn) return visit.goTo(withNext('/sign-in', next))
    const cookies = withHint(headers)
    return next ? seeOther(next, cookies) : visit.goTo('/account', cookies)
  } catch (error) {
    if (error instanceof APIError) return showVerify(visit, true)
    throw error
  }
}
