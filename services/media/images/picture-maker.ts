import { type Task, work } from './picture-work.ts'

// The process that `apart.ts` starts: tasks come from its parent, one at a time, and answers go back.

// Whoever stops the server from a terminal signals this process too; it is needed until its parent lets go of it.
process.on('SIGINT', () => {})

// Nothing to tidy up; and an orderly exit would wait for a picture that is half made.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))

process.on('message', async (message) => {
  if (isTask(message)) process.send?.(await work(message))
})

function isTask(message: unknown): message is Task {
  return typeof message === 'object' && message !== null && 'kind' in message
}
