/** Pages of accounts, without a language's prefix. */
export const personal = [
  '/sign-in',
  '/sign-in/second-step',
  '/sign-up',
  '/sign-out',
  '/verify',
  '/forgot',
  '/reset',
  '/account',
  '/account/password',
  '/account/second-step',
  '/account/sessions',
  '/account/tokens',
  '/admin/link',
  '/admin/mail',
  '/admin/people',
] as const
