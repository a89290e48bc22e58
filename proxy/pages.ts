import {
  type FragmentSpec,
  type RouteMatch,
  RouteTree,
  type ServiceDefinition,
} from '@colonnade/http'
import { languages, localPath } from '@colonnade/ui'
import { splitLanguage } from './page-address.ts'

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
  /** As declared, e.g. `/learn/:slug`. */
  path: string
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
      path: spec.path,
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

/** The service that lets answers of this address be kept, with the pattern by which it does. */
export function keeperOf(
  routes: RouteTree<ServiceDefinition>,
  path: string,
): OwnedRoute | undefined {
  const route = routes.find(path)
  return route?.value.kept?.includes(route.pattern) ? route : undefined
}

/** An address pattern of a service, and that service; always the same object. */
export type OwnedRoute = RouteMatch<ServiceDefinition>

/** Every service's address patterns, its personal pages in every language among them; the most specific wins. */
export function routesOf(services: readonly ServiceDefinition[]): RouteTree<ServiceDefinition> {
  const tree = new RouteTree<ServiceDefinition>()
  for (const service of services) {
    for (const route of service.routes) tree.add(route, service)
    for (const page of service.personal ?? []) {
      for (const lang of languages) tree.add(localPath(lang, page), service)
    }
  }
  return tree
}

/** Whether an address is a page made for one person. */
export const isPersonal = ({ pattern, value }: OwnedRoute) =>
  value.personal?.includes(splitLanguage(pattern).path) ?? false

/** Whether an answer may take minutes. */
export const isPatient = ({ pattern, value }: OwnedRoute) =>
  value.patient?.includes(pattern) ?? false

/** What a path is counted as: its pattern, its fragment, or `internal`; undefined when it is none of a service's. */
export function routeName(
  services: readonly ServiceDefinition[],
  routes: RouteTree<ServiceDefinition>,
  path: string,
): string | undefined {
  const [, first, second = '', third = ''] = path.split('/')
  if (first === 'internal') return first
  if (first !== 'fragments') return routes.find(path)?.pattern
  const known = services.find(({ name }) => name === second)?.fragments[third]
  return known && `fragment ${second}/${third}`
}
