import { accountsClient } from '@colonnade/accounts/contract'
import type { Backend, Trust } from '@colonnade/http'
import type { Process } from './run.ts'
import type { Settings } from './settings.ts'

/** A whole address that makes its first visitor an administrator, once, within a day. */
export async function adminLink(
  { installation, trust }: Pick<Process, 'installation' | 'trust'>,
  settings: Settings,
  url: string,
): Promise<string> {
  return await linkFrom(installation.backend('accounts'), trust, settings, url)
}

/** The same from accounts wherever it runs. @param url where people reach the site, when no setting says so */
export async function linkFrom(
  accounts: Backend,
  trust: Trust,
  settings: Settings,
  url: string,
): Promise<string> {
  const { path } = await accountsClient(accounts, trust).makeAdminLink()
  return (settings.COLONNADE_URL ?? url) + path
}
