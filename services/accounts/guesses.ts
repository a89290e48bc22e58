import type { Sql } from '@colonnade/db'
import { countTry, forgetTry, uncountTry } from './queries/accounts.ts'

/** Tries that cost nothing: people mistype, and an address may be a whole classroom's. */
const free = { account: 5, address: 50, mail: 3, costly: 20 }

/**
 * Counts a try to sign in, for the account and for the address it comes from. Whether the account exists makes no
 * difference. Tries are counted before they are looked at, so that a thousand at once are a thousand.
 * @returns seconds until it may be tried, or `right`, to be called when it was no guess
 */
export async function tryToSignIn(
  sql: Sql,
  email: string,
  client: string | undefined,
): Promise<{ wait: number } | { right(): Promise<void> }> {
  const account = `account ${email.toLowerCase()}`
  const address = client && `address ${client}`
  const waits = await countTry(sql, [
    { subject: account, free: free.account },
    ...(address ? [{ subject: address, free: free.address }] : []),
  ])
  if (waits.length > 0) return { wait: Math.max(...waits) }
  return {
    async right() {
      await forgetTry(sql, account)
      if (address) await uncountTry(sql, address)
    },
  }
}

/** Slows what sends mails, so that nobody can fill another's mailbox. @returns seconds to wait; 0 when it may go on */
export async function tryToMail(
  sql: Sql,
  email: string,
  client: string | undefined,
): Promise<number> {
  const waits = await countTry(sql, [
    { subject: `mail ${email.toLowerCase()}`, free: free.mail },
    ...(client ? [{ subject: `mails from ${client}`, free: free.address }] : []),
  ])
  return Math.max(0, ...waits)
}

/** Slows what costs a moment of work for each time. @returns seconds to wait; 0 when it may go on */
export async function tryCostly(
  sql: Sql,
  what: 'photo' | 'export',
  person: string,
): Promise<number> {
  const waits = await countTry(sql, [{ subject: `${what} ${person}`, free: free.costly }])
  return Math.max(0, ...waits)
}
