import { randomBytes } from 'node:crypto'
import type { Sql } from '@colonnade/db'
import { symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto'
import { Secret, TOTP } from 'otpauth'
import { digestOf } from './digest.ts'
import {
  findSecondFactor,
  putRecoveryCodes,
  putSecondFactor,
  takeRecoveryCode,
  takeStep,
} from './queries/second-factor.ts'

/** Codes of the half minutes before and after are taken too: clocks differ, and people type slowly. */
const window = 1
const howManyCodes = 10

/** What the person's app is given: `uri` for the QR code, `typed` for those who cannot scan it. */
export type Enrolment = { uri: string; typed: string }
type Owner = { id: string; email: string }

const totpOf = (secret: Secret, email = '', issuer = '') =>
  new TOTP({ issuer, label: email, secret, algorithm: 'SHA1', digits: 6, period: 30 })

/**
 * Codes of an app (TOTP, RFC 6238) as a second factor, and recovery codes for when the app is lost.
 * @param key encrypts the secrets, which codes are made of and which cannot be kept as digests
 */
export function secondFactors(sql: Sql, key: string, site: string) {
  const shown = (secret: Secret, email: string): Enrolment => ({
    uri: totpOf(secret, email, site).toString(),
    typed: secret.base32.replace(/(.{4})(?!$)/g, '$1 '),
  })

  async function secretOf(person: string) {
    const row = await findSecondFactor(sql, person)
    if (!row) return undefined
    const base32 = await symmetricDecrypt({ key, data: row.secret })
    return { secret: Secret.fromBase32(base32), confirmed: row.confirmed }
  }

  /** Whether it is a code of now; each is taken once. */
  async function takeCode(person: string, code: string, secret: Secret): Promise<boolean> {
    const totp = totpOf(secret)
    const timestamp = Date.now()
    const delta = totp.validate({ token: code, timestamp, window })
    if (delta === null) return false
    return await takeStep(sql, person, totp.counter({ timestamp }) + delta)
  }

  return {
    /** Whether a second step is asked of them. */
    isOn: async (person: string) => (await findSecondFactor(sql, person))?.confirmed ?? false,

    /** Makes a secret, which counts when it is confirmed. @returns undefined when one counts already */
    async begin({ id, email }: Owner): Promise<Enrolment | undefined> {
      const secret = new Secret({ size: 20 })
      const data = await symmetricEncrypt({ key, data: secret.base32 })
      return (await putSecondFactor(sql, id, data)) ? shown(secret, email) : undefined
    },

    /**
     * Confirms the secret by a code.
     * @returns the recovery codes; or what to show again when the code was wrong; undefined when there is nothing to confirm
     */
    async confirm(
      { id, email }: Owner,
      code: string,
    ): Promise<{ codes: string[] } | { again: Enrolment } | undefined> {
      const found = await secretOf(id)
      if (!found || found.confirmed) return undefined
      const right = await takeCode(id, plain(code), found.secret)
      return right ? { codes: await this.renewCodes(id) } : { again: shown(found.secret, email) }
    },

    /** New recovery codes; those before are worth nothing. */
    async renewCodes(person: string): Promise<string[]> {
      const codes = Array.from({ length: howManyCodes }, makeRecoveryCode)
      const digests = codes.map((code) => digestOf(person + plain(code)))
      await putRecoveryCodes(sql, person, digests)
      return codes
    },

    /** Takes a code of the app, or a recovery code. @returns which it was; undefined for neither */
    async check(person: string, given: string): Promise<'app' | 'recovery' | undefined> {
      const found = await secretOf(person)
      if (!found?.confirmed) return undefined
      const code = plain(given)
      if (/^\d{6}$/.test(code)) {
        return (await takeCode(person, code, found.secret)) ? 'app' : undefined
      }
      return (await takeRecoveryCode(sql, person, digestOf(person + code))) ? 'recovery' : undefined
    },
  }
}

export type SecondFactors = ReturnType<typeof secondFactors>

/** As it is compared: without what people put between, or their shift key. */
const plain = (code: string) => code.replace(/[\s-]/g, '').toLowerCase()

/** 80 random bits, without digits and letters that look alike. */
function makeRecoveryCode(): string {
  const letters = 'abcdefghijkmnpqrstuvwxyz23456789'
  const text = [...randomBytes(16)].map((byte) => letters[byte % letters.length]).join('')
  return text.replace(/(.{4})(?!$)/g, '$1-')
}
