import { setTimeout as delay } from 'node:timers/promises'
import { type Attack, attacks, type Target } from './attacks.ts'

// Hostile clients, in a process of their own: what they spend on attacking is not to be mistaken for what the others wait.

/** What the attackers are told to do; undefined: stop. */
export type Order = { attack: string; target: Target } | undefined

let order: Order

async function repeat({ once }: Attack, mine: NonNullable<Order>): Promise<void> {
  // Not in step: strangers do not come in the same millisecond.
  await delay(Math.random() * 200)
  // What is refused at once must not become a flood: that is another row.
  while (order === mine) await Promise.all([once(mine.target).catch(() => {}), delay(200)])
}

process.on('message', ({ order: given }: { order?: Order }) => {
  order = given
  const attack = attacks.find(({ name }) => name === given?.attack)
  if (!given || !attack) return
  for (let i = 0; i < attack.width; i++) void repeat(attack, given)
})
