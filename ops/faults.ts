import type { RunningService } from '@colonnade/http'

export const faultKinds = ['dead', 'hang', 'slow', 'error', 'garbage'] as const
export type Fault = (typeof faultKinds)[number]

const slowMs = 3000

/** Thrown where a dead service would refuse the connection. */
export class ServiceIsDead extends Error {
  readonly code = 'ECONNREFUSED'
}

/**
 * Faults that the operator puts into a running installation, so that anyone can see the first promise kept. They act
 * where a service's answers leave it: the same in one process as over the network.
 */
export class Faults {
  private readonly active = new Map<string, Fault>()
  private readonly waiting = new Map<string, Set<() => void>>()

  set(service: string, fault: Fault): void {
    this.active.set(service, fault)
  }

  /** Ends the fault of a service, or all; what was left hanging is let go with an error. */
  mend(service?: string): string[] {
    const mended = service ? [service] : [...this.active.keys()]
    for (const name of mended) {
      this.active.delete(name)
      for (const release of this.waiting.get(name) ?? []) release()
      this.waiting.delete(name)
    }
    return mended
  }

  get(service: string): Fault | undefined {
    return this.active.get(service)
  }

  list(): Record<string, Fault> {
    return Object.fromEntries(this.active)
  }

  /** The service as others see it: whole, or with the fault that is set. */
  wrap(name: string, service: RunningService): RunningService {
    return {
      ...service,
      app: {
        fetch: async (request) => {
          const fault = this.active.get(name)
          return fault
            ? await this.suffer(name, fault, service, request)
            : await service.app.fetch(request)
        },
      },
      fragment: (fragment, request) =>
        this.active.has(name) ? undefined : service.fragment?.(fragment, request),
      fast: (path, search) => (this.active.has(name) ? undefined : service.fast?.(path, search)),
    }
  }

  private async suffer(
    name: string,
    fault: Fault,
    service: RunningService,
    request: Request,
  ): Promise<Response> {
    switch (fault) {
      case 'dead':
        throw new ServiceIsDead(`${name} is dead (colonnade break ${name} --dead)`)
      case 'hang':
        await new Promise<void>((release) => {
          const set = this.waiting.get(name) ?? new Set()
          this.waiting.set(name, set.add(release))
          request.signal.addEventListener('abort', () => release(), { once: true })
        })
        throw new ServiceIsDead(`${name} hung`)
      case 'slow':
        await new Promise((resolve) => setTimeout(resolve, slowMs))
        return await service.app.fetch(request)
      case 'error':
        return new Response('broken on purpose', { status: 500 })
      case 'garbage':
        return new Response(crypto.getRandomValues(new Uint8Array(4096)), {
          headers: { 'Content-Type': 'text/html; charset=utf-8' },
        })
    }
  }
}
