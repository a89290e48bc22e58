import type { ColonnadeModule } from '../components/colonnade-cover.tsx'

/** Modules for the kit page: an ordinary course, one with a single module, one with many, long titles. */
export const chance: ColonnadeModule[] = [
  { key: 'm1', title: 'What chance is', minutes: 55, lessons: 3, href: '#m1' },
  { key: 'm2', title: 'Counting without counting', minutes: 90, lessons: 4, href: '#m2' },
  { key: 'm3', title: 'When one thing tells of another', minutes: 70, lessons: 3, href: '#m3' },
  { key: 'm4', title: 'Deciding under doubt', minutes: 35, lessons: 2, href: '#m4' },
]

export const begun: ColonnadeModule[] = chance.map((module, index) => ({
  ...module,
  state: (['done', 'done', 'yours', 'open'] as const)[index] ?? 'open',
}))

export const single: ColonnadeModule[] = [
  { key: 's1', title: 'Teach your first course', minutes: 20, lessons: 4, href: '#s1' },
]

export const long: ColonnadeModule[] = [
  'Introducción a la observación astronómica sin instrumentos ni experiencia previa',
  'Donaudampfschifffahrtsgesellschaftskapitän',
  'The quick survey of everything that came before, and of what will follow from it',
  'Ends',
].map((title, index) => ({
  key: `l${index}`,
  title,
  minutes: 30 + 40 * index,
  lessons: 2 + index,
  href: `#l${index}`,
}))

export const many: ColonnadeModule[] = Array.from({ length: 14 }, (_, index) => ({
  key: `n${index}`,
  title: `Module with the number ${index + 1}`,
  minutes: 20 + ((index * 37) % 90),
  lessons: 1 + (index % 6),
  href: `#n${index}`,
  state: index === 5 ? ('away' as const) : ('open' as const),
}))

/** As long as names come. */
export const longName = 'Prof. Dr. María de los Ángeles Fernández-Villaverde y Álvarez de Toledo'
