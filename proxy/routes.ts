import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import type { CourseRoute, CoursesClient } from '@colonnade/courses/contract'
import { LRUCache } from 'lru-cache'
import { replaceFile } from './replace-file.ts'

export type Resolved =
  | { kind: 'course'; course: CourseRoute }
  | { kind: 'moved'; slug: string }
  | { kind: 'unknown' }
  | { kind: 'away' }

const reloadAfterMs = 1000
/** Between two writes of the file, so that many changes in a row are few writes. */
const saveEveryMs = 200

/**
 * Which course a slug names: read from the courses service, told by its events, and kept in a file, so that a known
 * slug is known whatever is down.
 */
export class RouteMap {
  private bySlug = new Map<string, CourseRoute>()
  private readonly unknown = new LRUCache<string, true>({ max: 10_000, ttl: 5000 })
  private stale = false
  private saving: Promise<void> | undefined
  private loading: NodeJS.Timeout | undefined
  private reading = false
  private closed = false

  constructor(
    private readonly file: string,
    private readonly courses: CoursesClient,
    private readonly onError: (error: unknown) => void,
  ) {
    try {
      for (const line of readFileSync(file, 'utf8').split('\n')) {
        if (line) this.add(JSON.parse(line) as CourseRoute)
      }
    } catch {
      // The first start has no map yet; a damaged one is read anew from the courses service.
    }
  }

  /** Reads all routes in the background, again and again until it succeeds. */
  load(): void {
    this.reading = true
    this.readAll()
      .catch((error) => {
        this.onError(error)
        this.reload()
      })
      .finally(() => {
        this.reading = false
      })
  }

  /** Reads all routes again soon, once for all who ask meanwhile: many courses came or went. */
  reload(): void {
    if (this.loading || this.closed) return
    this.loading = setTimeout(() => {
      this.loading = undefined
      this.load()
    }, reloadAfterMs)
    this.loading.unref()
  }

  async resolve(slug: string): Promise<Resolved> {
    const course = this.bySlug.get(slug)
    if (course) return { kind: 'course', course }
    if (this.unknown.get(slug)) return { kind: 'unknown' }
    try {
      const found = await this.courses.findRoute(slug)
      if (found && 'movedTo' in found) return { kind: 'moved', slug: found.movedTo }
      if (found) {
        this.add(found)
        this.save()
        return { kind: 'course', course: found }
      }
      this.unknown.set(slug, true)
      return { kind: 'unknown' }
    } catch {
      return { kind: 'away' }
    }
  }

  /** A course changed: its slug may be new, another, or gone. */
  async refresh(courseId: number): Promise<void> {
    this.unknown.clear()
    const [route] = await this.courses.listRoutes(courseId - 1, 1)
    for (const [slug, course] of this.bySlug) {
      if (course.id === courseId && slug !== route?.slug) this.bySlug.delete(slug)
    }
    if (route?.id === courseId) this.add(route)
    // What is being read meanwhile may be older, and would take this one's place.
    if (this.reading) this.reload()
    this.save()
  }

  list(): IterableIterator<CourseRoute> {
    return this.bySlug.values()
  }

  async close(): Promise<void> {
    this.closed = true
    clearTimeout(this.loading)
    await this.saving
  }

  private add(route: CourseRoute): void {
    this.bySlug.set(route.slug, route)
  }

  private async readAll(): Promise<void> {
    const fresh = new Map<string, CourseRoute>()
    let after = 0
    for (;;) {
      const page = await this.courses.listRoutes(after, 1000)
      for (const route of page) fresh.set(route.slug, route)
      const last = page.at(-1)
      if (!last || page.length < 1000) break
      after = last.id
    }
    this.bySlug = fresh
    this.save()
  }

  /** Writes at once: a proxy that is killed a moment later must know what it has learnt. */
  private save(): void {
    if (this.closed) return
    this.stale = true
    this.saving ??= this.writeWhileStale()
  }

  private async writeWhileStale(): Promise<void> {
    while (this.stale) {
      this.stale = false
      await this.write().catch(this.onError)
      if (!this.closed) await delay(saveEveryMs)
    }
    this.saving = undefined
  }

  private async write(): Promise<void> {
    const lines = [...this.bySlug.values()].map((route) => JSON.stringify(route))
    await replaceFile(this.file, `${lines.join('\n')}\n`)
  }
}
