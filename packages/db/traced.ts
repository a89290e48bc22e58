import { bound, isTracing, SpanKind, spanned } from '@colonnade/watch'
import type { Sql } from './database.ts'

type Summary = { name: string; attributes: Record<string, string> }

/**
 * The pool with a span around each statement and each transaction of a request that is traced. A span carries the
 * statement as it stands in the code, where every value is a placeholder: what people send never leaves with it.
 */
export function traced<Pool extends Sql>(pool: Pool): Pool {
  return isTracing() ? watching(pool) : pool
}

function watching<Pool extends object>(pool: Pool): Pool {
  return new Proxy(pool, {
    apply(target, self, args: unknown[]) {
      if (!isCallable(target)) return undefined
      const result: unknown = Reflect.apply(target, self, args)
      const [strings] = args
      return isTemplate(strings) ? timed(result, () => summaryOf(strings)) : result
    },
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (!isCallable(value)) return value
      if (name === 'unsafe') {
        return (text: string, ...rest: unknown[]) =>
          timed(value(text, ...rest), () => summarise(text, undefined))
      }
      if (name === 'begin' || name === 'savepoint') {
        return (...args: unknown[]) =>
          spanned('transaction', system, async () => await value(...args.map(watchingInside)))
      }
      return value
    },
  })
}

/** What runs in a transaction gets that connection, and its statements are watched too. */
function watchingInside(arg: unknown): unknown {
  if (!isCallable(arg)) return arg
  return (connection: unknown) => arg(isCallable(connection) ? watching(connection) : connection)
}

/**
 * A query runs when somebody waits for it; one that is part of another never does by itself. So its span begins with
 * the first `then`.
 */
function timed(query: unknown, summary: () => Summary): unknown {
  if (!(query instanceof Promise)) return query
  const run = query.then
  let running: Promise<unknown> | undefined
  const begin = bound(() => {
    const { name, attributes } = summary()
    const answer = () =>
      new Promise((resolve, reject) => {
        run.call(query, resolve, reject)
      })
    return spanned(name, attributes, answer, SpanKind.CLIENT)
  })
  // oxlint-disable-next-line unicorn/no-thenable -- it is a promise already, and begins at its first `then`
  Object.defineProperty(query, 'then', {
    value(...handlers: Parameters<typeof run>) {
      if (!running) {
        running = begin()
        running.catch(() => {})
      }
      return run.apply(query, handlers)
    },
  })
  return query
}

const system = { 'db.system': 'postgresql', 'db.system.name': 'postgresql' }

/** A template is the same object each time its line runs, so it is read once. */
const summaries = new WeakMap<TemplateStringsArray, Summary>()

function summaryOf(strings: TemplateStringsArray): Summary {
  let found = summaries.get(strings)
  if (!found) {
    const text = strings.reduce((before, part, i) => `${before}$${i}${part}`)
    found = summarise(text, text.replace(/\s+/g, ' ').trim())
    summaries.set(strings, found)
  }
  return found
}

const write =
  /\b(?:(insert)\s+into\s+([\w.$]+)|(update)\s+([\w.$]+)(?:\s+\w+)?\s+set\b|(delete)\s+from\s+([\w.$]+))/i
const read = /\b(?:from|join)\s+([\w.$]+)(?![\w.$]|\s*\()/i

/** A statement in a few words: what it writes, else what it reads first, such as `insert reviews.review`. */
function summarise(text: string, shown: string | undefined): Summary {
  const [what, ...parts] = write.exec(text) ?? []
  const [, first = 'sql'] = /^\s*(\w+)/.exec(text) ?? []
  const verb = first.toLowerCase() === 'with' ? 'select' : first.toLowerCase()
  const words = what ? parts.filter(Boolean) : [verb, read.exec(text)?.[1]].filter(Boolean)
  return {
    name: words.join(' '),
    attributes: { ...system, ...(shown ? { 'db.query.text': shown.slice(0, 2000) } : {}) },
  }
}

const isCallable = (value: unknown): value is (...args: unknown[]) => unknown =>
  typeof value === 'function'

const isTemplate = (value: unknown): value is TemplateStringsArray =>
  Array.isArray(value) && 'raw' in value
