import type { MessageId } from '@colonnade/ui'
import { passwordLength } from '../auth.ts'
// The longest of the passwords that leaked most often, from zxcvbn (MIT, Dan Wheeler and Dropbox, Inc.).
import leaked from './leaked.txt?raw'

const known = new Set(leaked.split('\n'))

/** Why a password cannot be taken, or undefined. No rules about signs: length, and that nobody has it yet. */
export function passwordRefusal(password: string, email: string): MessageId | undefined {
  if (password.length < passwordLength.least) return 'account.password.short'
  if (password.length > passwordLength.most) return 'account.password.long'
  const plain = password.toLowerCase()
  const isOwn = plain === email.toLowerCase() || plain === email.toLowerCase().split('@')[0]
  if (known.has(plain) || isOwn || /^(.)\1*$/.test(plain)) return 'account.password.leaked'
  return undefined
}
