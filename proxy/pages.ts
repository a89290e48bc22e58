import type { FragmentSpec, ServiceDefinition } from '@colonnade/http'

/** A fragment in its place on a page. */
export type PlacedFragment = {
  service: string
  name: string
  spec: FragmentSpec
  place: number
  wide: boolean
  decides: boolean
}

/** A page as the installed services declare it together. */
export type Page = {
  name: string
  segments: readonly string[]
  params: readonly string[]
  fragments: readonly PlacedFragment[]
}

export type PageMatch = { page: Page; path: Record<string, string> }

/** Every page of the installation, each with its fragments in order of their places. */
export function collectPages(services: readonly ServiceDefinition[]): Page[] {
  return services.flatMap((owner) =>
    Object.entries(owner.pages ?? {}).map(([name, spec]) => ({
      name,
      segments: spec.path.split('/').slice(1),
      params: spec.params,
      fragments: services
        .flatMap((service) => placed(service, name))
        .sort((a, b) => a.place - b.place),
    })),
  )
}

function placed(service: ServiceDefinition, page: string): PlacedFragment[] {
  return (service.sections ?? [])
    .filter((section) => section.page === page)
    .map((section) => {
      const spec = service.fragments[section.fragment]
      if (!spec) {
        throw new Error(
          `Service ${service.name} places a fragment it does not declare: ${section.fragment}`,
        )
      }
      return {
        service: service.name,
        name: section.fragment,
        spec,
        place: section.place,
        wide: section.width === 'wide',
        decides: section.decides ?? false,
      }
    })
}

/**
 * The page at a path, with the values of its `:names`. A name matches one segment.
 * @param path without query and language prefix
 */
export function matchPage(pages: readonly Page[], path: string): PageMatch | undefined {
  const segments = path.split('/').slice(1)
  for (const page of pages) {
    if (page.segments.length !== segments.length) continue
    const values: Record<string, string> = {}
    const fits = page.segments.every((expected, i) => {
      const given = segments[i] ?? ''
      if (!expected.startsWith(':')) return expected === given
      values[expected.slice(1)] = given
      return given !== ''
    })
    if (fits) return { page, path: values }
  }
  return undefined
}

/** The service that lets answers of this address be kept, by the patterns that each declares. */
export function keeperOf(
  services: readonly ServiceDefinition[],
  path: string,
): ServiceDefinition | undefined {
  const owner = ownerOf(services, path)
  const segments = path.split('/').slice(1)
  const keeps = owner?.kept?.some((pattern) => fit(pattern.split('/').slice(1), segments) >= 0)
  return keeps ? owner : undefined
}

/** Each service's patterns, taken apart once. */
const patterns = new WeakMap<ServiceDefinition, readonly (readonly string[])[]>()

function patternsOf(service: ServiceDefinition): readonly (readonly string[])[] {
  let found = patterns.get(service)
  if (!found) {
    found = service.routes.map((route) => route.split('/').slice(1))
    patterns.set(service, found)
  }
  return found
}

/** Which service owns an API or media path; patterns as in `ServiceDefinition.routes`, the most specific wins. */
export function ownerOf(
  services: readonly ServiceDefinition[],
  path: string,
): ServiceDefinition | undefined {
  const segments = path.split('/').slice(1)
  let best: { service: ServiceDefinition; weight: number } | undefined
  for (const service of services) {
    for (const pattern of patternsOf(service)) {
      const weight = fit(pattern, segments)
      if (weight > (best?.weight ?? -1)) best = { service, weight }
    }
  }
  return best?.service
}

/** How specifically a pattern matches: literal segments count most; -1 when it does not match. */
function fit(pattern: readonly string[], segments: readonly string[]): number {
  let weight = 0
  for (const [i, expected] of pattern.entries()) {
    if (expected === '*') return weight
    const given = segments[i]
    if (given === undefined) return -1
    if (expected.startsWith(':')) weight += 1
    else if (expected === given) weight += 100
    else return -1
  }
  return pattern.length === segments.length ? weight + 10 : -1
}
