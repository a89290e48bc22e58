import { z } from 'zod'
import { reach } from '../reach.ts'
import { SettingsError } from '../settings.ts'
import { say } from '../terminal.ts'

const answer = z.object({ removed: z.array(z.object({ id: z.number(), slug: z.string() })) })

/** Takes the sample courses, their people and their reviews off the site. */
export async function samples(args: string[]): Promise<void> {
  if (args.length !== 1 || args[0] !== 'remove') {
    throw new SettingsError('There is one thing to do with samples: colonnade samples remove')
  }
  const installation = await reach()
  try {
    const response = await installation.api.fetch('/api/samples', {
      method: 'DELETE',
      headers: { Authorization: `Bearer ${installation.operatorToken}` },
    })
    if (!response.ok) throw new Error(`Removing the samples was answered by ${response.status}.`)
    const { removed } = answer.parse(await response.json())
    for (const { slug } of removed) say(`  ${slug}`)
    say(
      removed.length > 0
        ? `Took ${removed.length} sample courses off the site. Importing one again brings it back.`
        : 'There are no sample courses on the site.',
    )
  } finally {
    await installation.close()
  }
}
