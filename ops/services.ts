import { accounts } from '@colonnade/accounts/service'
import { courses } from '@colonnade/courses/service'
import type { ServiceDefinition } from '@colonnade/http'
import { instructors } from '@colonnade/instructors/service'
import { learning } from '@colonnade/learning/service'
import { media } from '@colonnade/media/service'
import { reviews } from '@colonnade/reviews/service'

/** Every service of the installation, wherever it runs. A new one is a folder in `services/` and a line here. */
export const services: readonly ServiceDefinition[] = [
  courses,
  instructors,
  reviews,
  media,
  accounts,
  learning,
]
