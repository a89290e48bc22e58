import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { own } from './pages.ts'

/** The path of the link in the last letter to somebody: with no mail server they lie in a folder. */
export async function linkTo(recipient: string): Promise<string> {
  const folder = join(own?.COLONNADE_DATA ?? '', 'accounts/mail')
  for (let i = 0; i < 100; i++) {
    const letters = existing(folder).map((name) =>
      JSON.parse(readFileSync(join(folder, name), 'utf8')),
    )
    const letter = letters.find((one) => one.recipient === recipient)
    const link = /https?:\S+/.exec(letter?.body ?? '')?.[0]
    if (link) return link.replace(/^https?:\/\/[^/]+/, '')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`no letter came to ${recipient}`)
}

function existing(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .reverse()
  } catch {
    return []
  }
}
