import { setTimeout as delay } from 'node:timers/promises'
import { refused } from '@colonnade/personal'
import { Form, Notice, Sheet, TextField } from '@colonnade/ui'
import { APIError } from 'better-auth/api'
import { z } from 'zod'
import { tryToMail } from '../guesses.ts'
import { passwordRefusal } from '../passwords/refusal.ts'
import { evenMs } from './sign-up.tsx'
import type { Desk, Visit } from './visit.ts'

/** Asks for the address, or says that a mail is on its way if it has an account. */
export function showForgot({ t, local, page, query }: Visit, wrong = false): Response {
  const title = t.t('account.forgot')
  return page(
    <Sheet title={title}>
      {query.has('sent') ? (
        <p className="lead">{t.t('account.forgot.sent')}</p>
      ) : (
        <Form action={local('/forgot')} submit={t.t('account.forgot.action')}>
          <TextField
            id="email"
            name="email"
            type="email"
            label={t.t('account.email')}
            autoComplete="username"
            maxLength={254}
            error={wrong ? t.t('account.email.wrong') : undefined}
          />
        </Form>
      )}
    </Sheet>,
    title,
    wrong ? { status: 422 } : {},
  )
}

/** The same answer, after the same time, whether or not somebody has this address. */
export async function forgot(visit: Visit, { auth, db }: Desk): Promise<Response> {
  const email = z
    .email()
    .max(254)
    .safeParse((visit.form.get('email') ?? '').trim().toLowerCase())
  if (!email.success) return showForgot(visit, true)
  const wait = await tryToMail(db.hot, email.data, visit.client)
  if (wait > 0) return refused(visit, 429, wait)
  const even = delay(evenMs)
  await auth.api.requestPasswordReset({ body: { email: email.data } })
  await even
  return visit.goTo('/forgot?sent')
}

/** Asks for a new password. */
export function showReset(visit: Visit, wrong?: string): Response {
  const { t, local, page, query, form } = visit
  const title = t.t('account.reset')
  return page(
    <Sheet title={title}>
      {wrong ? <Notice kind="error">{wrong}</Notice> : null}
      <Form action={local('/reset')} submit={t.t('account.reset.action')}>
        <input type="hidden" name="token" value={query.get('token') ?? form.get('token') ?? ''} />
        <TextField
          id="password"
          name="password"
          type="password"
          label={t.t('account.password.new')}
          hint={t.t('account.password.hint')}
          autoComplete="new-password"
          maxLength={128}
        />
      </Form>
    </Sheet>,
    title,
    wrong ? { status: 422 } : {},
  )
}

/** The new password counts, and every session of before has ended. */
export async function reset(visit: Visit, { auth }: Desk): Promise<Response> {
  const { form, t } = visit
  const newPassword = form.get('password') ?? ''
  const refusal = passwordRefusal(newPassword, '')
  if (refusal) return showReset(visit, t.t(refusal))
  try {
    await auth.api.resetPassword({ body: { newPassword, token: form.get('token') ?? '' } })
  } catch (error) {
    if (error instanceof APIError) return showReset(visit, t.t('account.reset.ended'))
    throw error
  }
  return visit.goTo('/sign-in?reset')
}
