import { faker } from '@faker-js/faker/locale/en'

/** Lists that made-up people and courses are put together from; the same for the same seed. */
export type Words = {
  firstNames: string[]
  lastNames: string[]
  titles: string[]
  organisations: string[]
  places: string[]
  trades: string[]
}

/** Asks faker once for some thousand words: a million people asked for one by one would take minutes. */
export function makeWords(seed: number): Words {
  faker.seed(seed)
  const list = (length: number, make: () => string) => [
    ...new Set(Array.from({ length }, () => make())),
  ]
  return {
    firstNames: list(3000, () => faker.person.firstName()),
    lastNames: list(5000, () => faker.person.lastName()),
    titles: list(600, () => faker.person.jobTitle()),
    organisations: list(800, () => organisationName()),
    places: list(500, () => faker.location.city()),
    trades: list(200, () => faker.commerce.department().toLowerCase()),
  }
}

function organisationName(): string {
  const kind = faker.helpers.arrayElement(['Institute', 'College', 'School', 'Academy', 'Workshop'])
  return faker.helpers.arrayElement([
    () => `${faker.location.city()} ${kind}`,
    () => `${faker.person.lastName()} ${kind}`,
    () => faker.company.name(),
  ])()
}

export type Subject = keyof typeof topics

/** What made-up courses are about, by subject. */
export const topics = {
  computing: [
    'Version Control',
    'Compilers',
    'Networks',
    'Operating Systems',
    'Web Design',
    'Testing',
    'Cryptography',
    'Concurrency',
    'Accessible Interfaces',
    'Algorithms',
  ],
  data: [
    'Spreadsheets',
    'Data Cleaning',
    'Time Series',
    'Maps and Places',
    'Surveys',
    'Visualisation',
    'Databases',
    'Text Mining',
    'Forecasting',
    'Record Keeping',
  ],
  mathematics: [
    'Graph Theory',
    'Linear Algebra',
    'Calculus',
    'Number Theory',
    'Probability',
    'Geometry',
    'Logic',
    'Combinatorics',
    'Differential Equations',
    'Topology',
  ],
  science: [
    'Geology',
    'Botany',
    'Optics',
    'Microscopy',
    'Weather',
    'Soil',
    'Genetics',
    'Tides',
    'Chemistry of Food',
    'Field Ecology',
  ],
  humanities: [
    'Oral History',
    'Medieval Trade',
    'Rhetoric',
    'Ethics',
    'Translation',
    'Archives',
    'Comparative Religion',
    'Urban History',
    'Linguistics',
    'Philosophy of Mind',
  ],
  arts: [
    'Printmaking',
    'Harmony',
    'Drawing',
    'Stagecraft',
    'Typography',
    'Ceramics',
    'Film Editing',
    'Choral Singing',
    'Photography',
    'Weaving',
  ],
  business: [
    'Bookkeeping',
    'Negotiation',
    'Supply Chains',
    'Contracts',
    'Pricing',
    'Project Planning',
    'Small Enterprise',
    'Public Tenders',
    'Logistics',
    'Customer Care',
  ],
  teaching: [
    'Lesson Planning',
    'Assessment',
    'Feedback',
    'Reading Groups',
    'Mentoring',
    'Classroom Talk',
    'Tutoring',
    'Inclusive Teaching',
    'Curriculum Design',
    'Adult Education',
  ],
} as const

/** `{}` stands for the topic. */
export const titlePatterns = [
  'Introduction to {}',
  '{} in Practice',
  '{} from the Ground Up',
  'The Craft of {}',
  'Thinking in {}',
  'Foundations of {}',
  '{}: A Second Course',
  'A Working Knowledge of {}',
  '{} for Beginners',
  'Questions of {}',
  '{} Step by Step',
  'Advanced {}',
]
export const modulePatterns = [
  'Where {} begins',
  'The tools of {}',
  'Working with {}',
  'When {} goes wrong',
  '{} in the world',
  'Judging {}',
]
export const lessonPatterns = [
  'A first look at {}',
  'Naming the parts of {}',
  'What {} costs',
  'Measuring {}',
  '{} by example',
  'A small project in {}',
  'Mistakes in {}',
  '{} with other people',
  'Reading about {}',
  'How {} changed',
  'Checking {}',
  'What is left of {}',
]
export const outcomePatterns = [
  'Explain what {} is for',
  'Choose the right tool for a task in {}',
  'Judge somebody else’s work in {}',
  'Plan a small project in {}',
  'Find the mistake in a piece of {}',
]
export const sentences = [
  'Most of what is said about {} is true only under conditions that nobody mentions.',
  'A beginner in {} looks at the result; an expert looks at what was left out.',
  'The first attempt at {} is rarely wrong in an interesting way, and that is a pity.',
  'Write down what you expect before you look, and {} becomes a different subject.',
  'Two people who agree about {} have usually not compared their notes.',
  'There is a cheap way to practise {}: do it badly, but completely, three times.',
  'The old books on {} are worth reading for their examples more than for their rules.',
  'What looks like talent in {} is often a good habit that started early.',
  'Every rule of {} was once the answer to somebody’s question.',
  'If you cannot explain {} to a patient friend, wait with the vocabulary.',
  'A measurement belongs to every claim about {}, and a unit to every measurement.',
  'Slow work in {} is not careful work, but careful work is seldom fast.',
  'Ask what would have to be different for {} to fail here.',
  'The hardest part of {} is stopping at the right moment.',
]
export const reviewTexts = [
  'Clear and to the point.',
  'The exercises were the best part.',
  'I would have liked more examples.',
  'Well paced. I finished it in two weekends.',
  'A little dry in the middle, but worth it.',
  'I use what I learned here at work.',
  'The second module is harder than it looks.',
  '',
]

/** Stands in every made-up course, so that nobody takes it for one. */
export const madeUp =
  'This is a made-up course for load tests: its words were put together by a program.'
