import { inWords } from './mendable.ts'
import { complain, say } from './terminal.ts'

type Command = { usage: string; about: string; run(args: string[]): Promise<void> }

/** Each command is loaded when it is called, so that none makes another slow to start. */
const commands: Record<string, Command> = {
  start: {
    usage: 'start [--supervised]',
    about: 'run everything, with the embedded database; WORKERS=2 takes two processes',
    run: async (args) => (await import('./commands/start.ts')).start(args),
  },
  serve: {
    usage: 'serve <name…> [--supervised]',
    about: 'run the proxy, the embedded database, or any set of services',
    run: async (args) => (await import('./commands/serve.ts')).serve(args),
  },
  reload: {
    usage: 'reload',
    about: 'replace the workers of what runs here one by one, for a new release or a changed .env',
    run: async () => (await import('./commands/reload.ts')).reload(),
  },
  migrate: {
    usage: 'migrate',
    about: 'bring every service’s tables up to date',
    run: async () => (await import('./commands/migrate.ts')).migrateAll(),
  },
  upgrade: {
    usage: 'upgrade <folder>|--undo',
    about: 'back up, try a new release beside the running one, and go over to it; or back',
    run: async (args) => (await import('./commands/upgrade.ts')).upgrade(args),
  },
  import: {
    usage: 'import <folder or zip>…',
    about: 'bring in courses, and print what was taken how',
    run: async (args) => (await import('./commands/import.ts')).importCourses(args),
  },
  export: {
    usage: 'export <slug or id> <folder or zip>',
    about: 'write a course out as a folder that imports identically',
    run: async (args) => (await import('./commands/export.ts')).exportCourse(args),
  },
  check: {
    usage: 'check <folder or zip>',
    about: 'read a course without publishing it: what is lost, or what stops it and how to mend it',
    run: async (args) => (await import('./commands/check.ts')).checkCourse(args),
  },
  preview: {
    usage: 'preview <folder> [--port 3100]',
    about: 'show a course as it will look, and every saved edit at once',
    run: async (args) => (await import('./commands/preview.ts')).preview(args),
  },
  new: {
    usage: 'new course|service <name>',
    about: 'begin a course folder or a service that already works',
    run: async (args) => (await import('./commands/new.ts')).makeNew(args),
  },
  samples: {
    usage: 'samples remove',
    about: 'take the sample courses off the site',
    run: async (args) => (await import('./commands/samples.ts')).samples(args),
  },
  seed: {
    usage: 'seed --courses N --instructors N [--seed 1] [--discard]',
    about: 'fill the installation with made-up courses and people, for load tests',
    run: async (args) => (await import('./commands/seed.ts')).seedInstallation(args),
  },
  backup: {
    usage: 'backup [--to <folder>] [--keep <n>] | backup verify <file>',
    about: 'write database and media into one encrypted file, or try one in a scratch place',
    run: async (args) => (await import('./commands/backup.ts')).backup(args),
  },
  restore: {
    usage: 'restore <file> [--replace]',
    about: 'put a backup into an empty installation',
    run: async (args) => (await import('./commands/restore.ts')).restore(args),
  },
  rebuild: {
    usage: 'rebuild',
    about: 'make the copies that follow other services again from their source',
    run: async () => (await import('./commands/rebuild.ts')).rebuild(),
  },
  doctor: {
    usage: 'doctor [--json]',
    about: 'look at everything this installation needs, and say how to mend what is wrong',
    run: async (args) => (await import('./commands/doctor.ts')).doctor(args),
  },
  admin: {
    usage: 'admin link',
    about: 'print an address that makes its first visitor an administrator, once, within a day',
    run: async (args) => (await import('./commands/admin.ts')).admin(args),
  },
  dev: {
    usage: 'dev',
    about: 'start, and build, restart and reload at every change of a source file',
    run: async () => (await import('./commands/dev.ts')).dev(),
  },
  break: {
    usage: 'break <service> --dead|--hang|--slow|--error|--garbage [--cold]',
    about: 'put a real fault into a running service; --cold forgets its last good copies too',
    run: async (args) => (await import('./commands/break.ts')).breakService(args),
  },
  mend: {
    usage: 'mend [service]',
    about: 'end the fault of a service, or all',
    run: async (args) => (await import('./commands/break.ts')).mendService(args),
  },
}

/** Runs a command line; errors that a person can mend are told without a stack. */
export async function main(args: string[]): Promise<void> {
  // Whoever read us has read enough (`colonnade … | head`): no reason for a stack.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit()
    throw error
  })
  const [name = 'help', ...rest] = args
  const command = commands[name]
  if (!command || rest.includes('--help')) {
    help()
    if (!command && name !== 'help' && name !== '--help') process.exitCode = 2
    return
  }
  try {
    await command.run(rest)
  } catch (error) {
    complain(inWords(error).message)
    process.exitCode = 1
  }
}

function help(): void {
  say('colonnade: an online education platform whose pages outlive their services\n')
  const width = Math.max(...Object.values(commands).map(({ usage }) => usage.length))
  for (const { usage, about } of Object.values(commands)) say(`  ${usage.padEnd(width)}  ${about}`)
}
