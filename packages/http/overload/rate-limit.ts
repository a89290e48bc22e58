import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { LRUCache } from 'lru-cache'
import { isOperator } from '../token.ts'
import type { AddressOf } from './client-address.ts'

/** So many requests in so many seconds. */
export type Quota = { requests: number; seconds: number }

type Bucket = { left: number; at: number }

/** As many callers as are remembered; whoever was quiet longest is forgotten first, which is to be forgiven. */
const remembered = 100_000

/**
 * One policy: a bucket of `requests` tokens for each caller, refilled evenly within `seconds`. Its headers are those of
 * the IETF draft "RateLimit header fields for HTTP" (draft-ietf-httpapi-ratelimit-headers).
 */
class Policy {
  readonly header: string
  private readonly buckets = new LRUCache<string, Bucket>({
    // By size: room for `max` would be taken at once, two megabytes for each policy.
    maxSize: remembered,
    sizeCalculation: () => 1,
  })
  private readonly perMs: number

  constructor(
    private readonly name: string,
    private readonly quota: Quota,
  ) {
    this.header = `"${name}";q=${quota.requests};w=${quota.seconds}`
    this.perMs = quota.requests / (quota.seconds * 1000)
  }

  /** Takes `cost` tokens if they are there. @returns what is left, negative by what is missing */
  take(caller: string, cost: number, now: number): number {
    let bucket = this.buckets.get(caller)
    if (!bucket) {
      bucket = { left: this.quota.requests, at: now }
      this.buckets.set(caller, bucket)
    }
    bucket.left = Math.min(this.quota.requests, bucket.left + (now - bucket.at) * this.perMs)
    bucket.at = now
    const left = bucket.left - cost
    if (left >= 0) bucket.left = left
    return left
  }

  /** `RateLimit`: what is left, and the seconds until all of it is there again. */
  state(left: number): string {
    const full = (this.quota.requests - left) / this.perMs / 1000
    return `"${this.name}";r=${Math.max(0, Math.floor(left))};t=${Math.ceil(full)}`
  }

  /** Seconds until one more request is allowed. */
  retryAfter(left: number): number {
    return Math.max(1, Math.ceil(-left / this.perMs / 1000))
  }
}

/** Headers for the answer; with `refused`, the answer is 429. */
export type Verdict = { refused?: string; headers: readonly string[] }

const free: Verdict = { headers: [] }

export type RateLimits = {
  /** Counts a request that is about to be worked on. */
  check(req: IncomingMessage): Verdict
  /** Counts an answer 401 against whoever tried. */
  failed(req: IncomingMessage): void
  readonly stats: { refused: Readonly<Record<'reads' | 'attempts', number>> }
}

/**
 * Limits for each address, and for each token that is not the operator's: `reads` for requests that need work,
 * `attempts` for tokens that were wrong. The operator is never limited; what comes from a cache never gets here.
 */
export function rateLimits(options: {
  reads: Quota | undefined
  attempts: Quota | undefined
  addressOf: AddressOf
  operatorToken: string
}): RateLimits {
  const { addressOf, operatorToken } = options
  const reads = options.reads && new Policy('reads', options.reads)
  const attempts = options.attempts && new Policy('attempts', options.attempts)
  const refused = { reads: 0, attempts: 0 }

  return {
    stats: { refused },
    check(req) {
      const { authorization } = req.headers
      if (authorization !== undefined && isOperator(authorization, operatorToken)) return free
      const now = performance.now()
      const address = network(addressOf(req))
      if (attempts && authorization !== undefined) {
        const left = attempts.take(address, 0, now)
        if (left < 1) {
          refused.attempts++
          return refusal(attempts, left - 1, 'There were too many wrong tokens from here.')
        }
      }
      if (!reads) return free
      let left = reads.take(address, 1, now)
      if (authorization !== undefined) {
        left = Math.min(left, reads.take(digest(authorization), 1, now))
      }
      if (left < 0) {
        refused.reads++
        return refusal(reads, left, 'There were too many requests from here.')
      }
      return { headers: ['RateLimit-Policy', reads.header, 'RateLimit', reads.state(left)] }
    },
    failed(req) {
      // Nobody guesses by saying nothing.
      if (req.headers.authorization === undefined) return
      attempts?.take(network(addressOf(req)), 1, performance.now())
    },
  }
}

function refusal(policy: Policy, left: number, why: string): Verdict {
  const seconds = policy.retryAfter(left)
  return {
    refused: `${why} Try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`,
    headers: [
      ...['RateLimit-Policy', policy.header, 'RateLimit', policy.state(0)],
      ...['Retry-After', String(seconds)],
    ],
  }
}

/** A home has a whole /64 of IPv6, so that is one caller. */
function network(address: string): string {
  if (isIP(address) !== 6) return address
  const [head = '', tail = ''] = address.split('::')
  const front = head.split(':').filter(Boolean)
  const back = tail.split(':').filter(Boolean)
  const zeros = Array.from({ length: 8 - front.length - back.length }, () => '0')
  const groups = address.includes('::') ? [...front, ...zeros, ...back] : front
  return groups.slice(0, 4).join(':')
}

/** Tokens are secrets: they are told apart by what cannot be read back. */
const digest = (authorization: string) =>
  createHash('sha256').update(authorization).digest('base64')
