import type { Database } from '@colonnade/db'
import { uuidv7 } from '@colonnade/http'
import { createAdapterFactory } from 'better-auth/adapters'
import { betterAuth } from 'better-auth/minimal'
import { z } from 'zod'
import { clientHeader, cookiePrefix } from './contract.ts'
import { tablesOf } from './queries/tables.ts'
import { startSession } from './start-session.ts'

export type Auth = ReturnType<typeof openAuth>

/** What mails are sent about: the person, and the token that the mail's link carries. */
export type Mails = {
  /** @param next where to go on once the address is confirmed: a path of ours */
  verify(
    person: { email: string; language: string },
    token: string,
    next: string | null,
  ): Promise<void>
  /** Somebody signed up with an address that has an account. */
  known(person: { email: string; language: string }): Promise<void>
  reset(person: { email: string; language: string }, token: string): Promise<void>
}

export const passwordLength = { least: 10, most: 128 }
const day = 86_400

const written = z.object({ email: z.string(), language: z.string().catch('en') })

/**
 * better-auth on our tables. Only what is called as `auth.api.…` is used: none of its addresses is open, so that every
 * way in is one of our pages, with its checks.
 * @param secret signs the cookies
 */
export function openAuth(options: { db: Database; secret: string; url: string; mails: Mails }) {
  const { db, secret, url, mails } = options
  return betterAuth({
    baseURL: url,
    secret,
    database: adapter(db),
    plugins: [startSession],
    telemetry: { enabled: false },
    logger: { disabled: true },
    rateLimit: { enabled: false },
    advanced: {
      cookiePrefix,
      useSecureCookies: url.startsWith('https:'),
      ipAddress: { ipAddressHeaders: [clientHeader] },
      database: { generateId: () => uuidv7() },
    },
    user: {
      modelName: 'person',
      fields: { emailVerified: 'email_verified', createdAt: 'created_at', updatedAt: 'updated_at' },
      additionalFields: { language: { type: 'string', required: false } },
    },
    session: {
      modelName: 'session',
      expiresIn: 30 * day,
      updateAge: day,
      fields: {
        userId: 'person_id',
        expiresAt: 'expires_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
    },
    account: {
      modelName: 'credential',
      fields: {
        userId: 'person_id',
        accountId: 'account_id',
        providerId: 'provider_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
    },
    verification: {
      // A reader of the table must not be able to reset a password with what it holds.
      storeIdentifier: 'hashed',
      fields: { expiresAt: 'expires_at', createdAt: 'created_at', updatedAt: 'updated_at' },
    },
    emailAndPassword: {
      enabled: true,
      requireEmailVerification: true,
      minPasswordLength: passwordLength.least,
      maxPasswordLength: passwordLength.most,
      revokeSessionsOnPasswordReset: true,
      resetPasswordTokenExpiresIn: 3600,
      sendResetPassword: ({ user, token }) => mails.reset(written.parse(user), token),
      onExistingUserSignUp: ({ user }) => mails.known(written.parse(user)),
    },
    emailVerification: {
      expiresIn: day,
      sendOnSignUp: true,
      sendOnSignIn: true,
      autoSignInAfterVerification: true,
      sendVerificationEmail: ({ user, token, url: link }) =>
        mails.verify(written.parse(user), token, new URL(link).searchParams.get('callbackURL')),
    },
  })
}

/** better-auth's reads and writes as our statements. */
function adapter(db: Database) {
  return createAdapterFactory({
    config: { adapterId: 'colonnade', supportsUUIDs: true, supportsJSON: true },
    adapter: ({ getFieldName }) => {
      const tables = tablesOf(db.hot)
      return {
        create: async <T extends Record<string, unknown>>({
          model,
          data,
        }: {
          model: string
          data: T
        }) => given<T>(await tables.insert(model, { ...data })),
        findOne: async <T>({ model, where }: Asked) =>
          one<T>(await tables.list(model, where, { limit: 1 })),
        findMany: async <T>({ model, where, limit, offset, sortBy }: AskedMany) =>
          (
            await tables.list(model, where, {
              limit,
              offset,
              // Everything but this comes with our names for columns.
              sortBy: sortBy && { ...sortBy, field: getFieldName({ model, field: sortBy.field }) },
            })
          ).map((row) => given<T>(row)),
        update: async <T>({ model, where, update }: Asked & { update: T }) =>
          one<T>(await tables.update(model, where, values.parse(update))),
        updateMany: async ({ model, where, update }: Asked & { update: object }) =>
          (await tables.update(model, where, { ...update })).length,
        delete: async ({ model, where }: Asked) => {
          await tables.remove(model, where)
        },
        deleteMany: async ({ model, where }: Asked) => (await tables.remove(model, where)).length,
        consumeOne: async <T>({ model, where }: Asked) =>
          one<T>(await tables.remove(model, where, 1)),
        count: ({ model, where }: Omit<Asked, 'where'> & Partial<Pick<Asked, 'where'>>) =>
          tables.count(model, where),
      }
    },
  })
}

type Conditions = NonNullable<Parameters<ReturnType<typeof tablesOf>['list']>[1]>
type Asked = { model: string; where: CleanedWhere[] }
type CleanedWhere = Conditions[number]
type AskedMany = {
  model: string
  where?: CleanedWhere[] | undefined
  limit: number
  offset?: number | undefined
  sortBy?: { field: string; direction: 'asc' | 'desc' } | undefined
}

const values = z.record(z.string(), z.unknown())
/** better-auth says what it reads; that rows are so is the migration's business. */
const given = <T>(row: unknown): T => z.custom<T>().parse(row)
const one = <T>([row]: readonly unknown[]): T | null => (row === undefined ? null : given<T>(row))
