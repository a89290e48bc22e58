import { createTransport } from 'nodemailer'
import type { Settings } from '../settings.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

const budget = 3000

/** Whether the mail server answers, and takes the password where there is one; no mail is sent. */
export async function checkMail({
  SMTP_URL,
  MAIL_FROM,
  COLONNADE_URL,
}: Pick<Settings, 'SMTP_URL' | 'MAIL_FROM' | 'COLONNADE_URL'>): Promise<Finding[]> {
  if (!SMTP_URL) {
    return [ok('mail', 'No SMTP_URL: mails lie in a folder, and administrators read them.')]
  }
  const findings: Finding[] = []
  if (!MAIL_FROM && !COLONNADE_URL) {
    const mend = 'Set COLONNADE_URL, or MAIL_FROM to an address of yours.'
    findings.push(warn('mail', 'Mails are from no-reply@localhost, which others refuse.', mend))
  }
  const { host, username } = new URL(SMTP_URL)
  const limits = { connectionTimeout: budget, greetingTimeout: budget, socketTimeout: budget }
  // What is in the address overrides nothing of this: it names none of them.
  const transport = createTransport({ url: SMTP_URL, ...limits })
  try {
    await transport.verify()
    const how = username ? 'answers, and lets us in' : 'answers'
    findings.push(ok('mail', `The mail server ${host} (SMTP_URL) ${how}.`))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    const mend = 'Check that this host may reach it, and the name, port and password in SMTP_URL.'
    findings.push(fail('mail', `The mail server ${host} takes no mail from here: ${why}`, mend))
  } finally {
    transport.close()
  }
  return findings
}
