/** Work under way by key, so that a stampede of requests for one thing makes it once. */
export class Flights<T> {
  private readonly flying = new Map<string, Promise<T>>()

  /** Joins the flight for `key`, or starts it. */
  join(key: string, start: () => Promise<T>): Promise<T> {
    const flying = this.flying.get(key)
    if (flying) return flying
    const flight = start().finally(() => this.flying.delete(key))
    this.flying.set(key, flight)
    return flight
  }

  has(key: string): boolean {
    return this.flying.has(key)
  }
}
