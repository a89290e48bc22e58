import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import type { Settings } from '../settings.ts'
import { BackupError } from './manifest.ts'

/** Under the data folder: the public half of an identity that was made here. */
export const recipientFile = 'backup-recipient.txt'

/**
 * Who can open the backups of this installation: as BACKUP_KEY says (recipients `age1…`, an identity
 * `AGE-SECRET-KEY-…`, or else a passphrase), or an identity made now, of which only the public half is kept: whoever
 * takes this machine has no way into its backups, and whoever loses it still has theirs.
 * @returns what encrypts, and the identity where one was made, to be told once
 */
export async function lock(
  settings: Settings,
  data: string,
): Promise<{ encrypter: Encrypter; told?: string }> {
  const encrypter = new Encrypter()
  const key = settings.BACKUP_KEY
  if (key?.startsWith('age1')) {
    for (const recipient of key.split(/[\s,]+/).filter(Boolean)) encrypter.addRecipient(recipient)
    return { encrypter }
  }
  if (key?.startsWith('AGE-SECRET-KEY-')) {
    encrypter.addRecipient(await identityToRecipient(key))
    return { encrypter }
  }
  if (key) {
    encrypter.setPassphrase(key)
    return { encrypter }
  }
  const file = join(data, recipientFile)
  if (existsSync(file)) {
    encrypter.addRecipient(readFileSync(file, 'utf8').trim())
    return { encrypter }
  }
  const told = await generateX25519Identity()
  const recipient = await identityToRecipient(told)
  writeFileSync(file, `${recipient}\n`, { mode: 0o600 })
  encrypter.addRecipient(recipient)
  return { encrypter, told }
}

/** @throws BackupError when BACKUP_KEY cannot open anything */
export function unlock(settings: Settings): Decrypter {
  const key = settings.BACKUP_KEY
  if (!key || key.startsWith('age1')) {
    throw new BackupError(
      'Opening a backup takes its secret key: set BACKUP_KEY (or BACKUP_KEY_FILE) to the AGE-SECRET-KEY-… that was shown at the first backup, or to your passphrase.',
    )
  }
  const decrypter = new Decrypter()
  if (key.startsWith('AGE-SECRET-KEY-')) decrypter.addIdentity(key)
  else decrypter.addPassphrase(key)
  return decrypter
}
