/** Lets those who want the same thing at the same time wait for one piece of work. */
export class Flights<T> {
  private readonly running = new Map<string, Promise<T>>()

  join(key: string, work: () => Promise<T>): Promise<T> {
    const shared = this.running.get(key)
    if (shared) return shared
    const own = work().finally(() => this.running.delete(key))
    this.running.set(key, own)
    return own
  }
}
