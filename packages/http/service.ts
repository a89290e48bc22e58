import type { Database, Sql } from '@colonnade/db'
import type { Logger } from 'pino'
import type { Backend } from './backend.ts'
import type { Scope } from './scope.ts'
import type { Trust } from './token.ts'

/** What a fragment tells the page around it; the proxy merges what the page's fragments say, first come first. */
export type PageMeta = {
  title?: string
  description?: string
  /** Path of the page's picture for social networks. */
  image?: string
  /** Path of the canonical page, without language prefix. */
  canonical?: string
  noindex?: boolean
  /** JSON-LD members, merged by the proxy into one object. */
  jsonLd?: Record<string, unknown>
}

/** A rendered fragment. `html` is one complete section; `tags` name what it shows (`course:12`). */
export type FragmentAnswer =
  | {
      status?: 200
      html: string
      tags: string[]
      /** Seconds it counts as fresh; 60 unless told. */
      maxAge?: number
      meta?: PageMeta
    }
  /** There is nothing to show: the section is left out. */
  | { status: 204; tags: string[]; maxAge?: number; meta?: PageMeta }
  /** What it would show does not exist. */
  | { status: 404; tags?: string[] }
  /** It moved: `location` is the path of the page to go to, without language prefix. */
  | { status: 301; location: string; tags: string[] }

/** What is asked of a fragment: its declared parameters as strings, absent ones left out. */
export type FragmentRequest = { params: Record<string, string>; lang: string }

/** A fragment as declared: all that the proxy needs to know before it asks for it. */
export type FragmentSpec = {
  /** Parameters that are part of its address and of its cache key; all others are ignored. */
  params: readonly string[]
  /** Letters that a parameter may have: 200 unless said. What is longer is cut. */
  longest?: number
  /** Milliseconds for the whole answer, body included. */
  budget: number
  /** The message that names it when it is away (`away.reviews`), and its placeholder's height in pixels. */
  away: { message: string; height: number }
  /** Whether the last good copy is kept on disk; not for endless families such as searches. */
  keep?: boolean
}

/** Where a fragment stands: which page, and its order on it. */
export type Section = {
  page: string
  fragment: string
  place: number
  /** `main` unless told; `wide` spans the page's full width. */
  width?: 'main' | 'wide'
  /** Its 404 or 301 is the page's; when it is away and has no copy, the page is 503. */
  decides?: boolean
}

/** A page's address. `:slug` is resolved to a course by the route map, other names are passed on as parameters. */
export type PageSpec = { path: string; params: readonly string[] }

/** A request answered without Hono, for routes hot enough to need it. */
export type FastAnswer = {
  status: number
  headers: Record<string, string>
  body: string | Uint8Array
  /** What it shows, as cache tags, where the proxy may keep it. */
  tags?: readonly string[]
}

export type EventMessage = {
  id: string
  type: string
  version: number
  subject: string
  subjectVersion: number
  occurredAt: string
  data: Record<string, unknown>
}

/** A service as declared, before it runs anywhere. One line in ops makes it part of the installation. */
export type ServiceDefinition = {
  name: string
  /** Public address patterns it owns, e.g. `/api/courses/:id/reviews`; the longest match wins. */
  routes: readonly string[]
  /**
   * Addresses of pages made for one person, such as `/account`: asked for with every method, each under the prefix of
   * every language too, answered with `personalPage`, and never kept.
   */
  personal?: readonly string[]
  /** Addresses among `routes` whose answer may take minutes, such as an import. */
  patient?: readonly string[]
  /** Addresses among `routes` whose answers to GET, without a query, the proxy may keep: such an answer says its tags. */
  kept?: readonly string[]
  fragments: Record<string, FragmentSpec>
  pages?: Record<string, PageSpec>
  sections?: readonly Section[]
  /** SQL by file name, in order. */
  migrations: Record<string, string>
  /** What people may let programs do here in their name. */
  scopes?: readonly Scope[]
  /** It keeps something of people, so it answers `mountPersonalData`: their export, and their erasure. */
  people?: true
  /** Event types it wants to hear, by the service that tells them. */
  hears?: readonly string[]
  /** What it keeps outside its tables and cannot make again, for backups. `data` is its folder under COLONNADE_DATA. */
  files?(data: string, env: Record<string, string | undefined>): KeptFiles
  open(context: ServiceContext): RunningService
}

/** Files of a service by key, such as `ab/abcd/original.jpg`, wherever they lie. */
export type KeptFiles = {
  /** Keys of all that its tables speak of, as `sql` sees them. */
  list(sql: Sql): AsyncIterable<string>
  read(key: string): Promise<Uint8Array | undefined>
  write(key: string, bytes: Uint8Array): Promise<void>
}

export type RunningService = {
  app: { fetch(request: Request): Response | Promise<Response> }
  /** Tried before `app` for GET requests; undefined when the path is not one of its fast routes. */
  fast?(path: string, search: string): Promise<FastAnswer> | undefined
  /** One of its fragments for a caller in this process, with the files it needs; undefined when it has none so named. */
  fragment?(
    name: string,
    request: FragmentRequest,
  ): { answer: Promise<FragmentAnswer>; assets: readonly string[] } | undefined
  /** Rejects when it cannot answer now, because its database is away. */
  ready?(): Promise<unknown>
  close?(): Promise<void>
}

/** All that a service is given. */
export type ServiceContext = {
  db: Database
  /** Another service, wherever it runs. */
  peer(name: string): Backend
  /** Names of all services of the installation that say `people`, wherever they run. */
  keepers?: readonly string[]
  /** Wakes the relay after a commit that wrote an event. */
  nudge(): void
  trust: Trust
  operatorToken: string
  /** Every scope of the installation; none where a service is opened alone, as in tests. */
  scopes?: readonly Scope[]
  log: Logger
  /** The service's own folder under COLONNADE_DATA. */
  data: string
  env: Record<string, string | undefined>
  /** Paths of the built files a fragment needs: its stylesheet, and its script where it has one. */
  assets: readonly string[]
}
