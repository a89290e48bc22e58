import type { AccountsSettings } from '../settings.ts'
import type { MailFolder } from './folder.ts'
import type { Carrier } from './post.ts'

/** Hands letters to the operator's mail server, or lays them into the folder where there is none. */
export function openCarrier(settings: AccountsSettings, folder: MailFolder): Carrier {
  const { smtp, from, siteName } = settings
  if (!smtp) return { carry: (letter) => folder.put(letter) }
  // Loaded only where there is a mail server.
  const opened = import('nodemailer').then(({ createTransport }) =>
    createTransport(smtp, {
      from: { name: siteName, address: from },
      // Mails hold links that sign people in: none may be read from a file or fetched from elsewhere.
      disableFileAccess: true,
      disableUrlAccess: true,
    }),
  )
  return {
    async carry({ id, recipient, subject, body, unsubscribe }) {
      const domain = new URL(settings.url).hostname
      const transport = await opened
      await transport.sendMail({
        to: recipient,
        subject,
        text: body,
        messageId: `<${id}@${domain}>`,
        headers: {
          'Auto-Submitted': 'auto-generated',
          // RFC 8058: mail programs show a button of their own, which sends this.
          ...(unsubscribe && {
            'List-Unsubscribe': `<${unsubscribe}>`,
            'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
          }),
        },
      })
    },
  }
}
