import { accountsClient } from '@colonnade/accounts/contract'
import type { Backend, Trust } from '@colonnade/http'
import { openProcess, type Process, type ProcessOptions } from './run.ts'
import type { Settings } from './settings.ts'

/** A whole address that makes its first visitor an administrator, once, within a day. */
export async function adminLink(
  { installation, trust }: Pick<Process, 'installation' | 'trust'>,
  settings: Settings,
  url: string,
): Promise<string> {
  return await linkFrom(installation.backend('accounts'), trust, settings, url)
}

/** The same where the services run in workers: accounts is opened here for the moment that it takes. */
export async function adminLinkBeside(options: ProcessOptions, url: string): Promise<string> {
  const opened = await openProcess({ ...options, here: ['accounts'], proxy: false, migrate: false })
  try {
    return await adminLink(opened, options.settings, url)
  } finally {
    await opened.close()
  }
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
