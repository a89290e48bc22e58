import type { Auth } from '../auth.ts'

async function hashOf(auth: Auth, person: string): Promise<string | undefined> {
  const { internalAdapter } = await auth.$context
  const ways = await internalAdapter.findAccounts(person)
  return ways.find(({ providerId }) => providerId === 'credential')?.password ?? undefined
}

/** Whether somebody has a password; who came by a provider may have none. */
export const hasPassword = async (auth: Auth, person: string): Promise<boolean> =>
  (await hashOf(auth, person)) !== undefined

/** Whether it is somebody's password. Count the try first. */
export async function isPassword(auth: Auth, person: string, password: string): Promise<boolean> {
  const hash = await hashOf(auth, person)
  if (hash === undefined) return false
  return await (await auth.$context).password.verify({ hash, password })
}
