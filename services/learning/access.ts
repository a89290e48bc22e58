import type { Sql } from '@colonnade/db'
import { isOperator, type People, type Person, Problem } from '@colonnade/http'
import { type Enrolment, findEnrolment } from './queries/enrolments.ts'

/** Who teaches: a person, or the operator, who has no id. */
export type Teacher = { id: string | null }

export type Access = {
  /** @throws Problem 401 for nobody */
  learner(request: Request): Promise<Person>
  /** One's own enrolment. @throws Problem 401 for nobody, 404 for another's: it is not there for them */
  own(request: Request, id: string): Promise<Enrolment>
  /** @throws Problem 401 for nobody, 403 for who neither owns the course nor administers the installation */
  teacher(request: Request, courseId: number): Promise<Teacher>
}

/** Who may do what here, as docs/permissions.md has it. `owners` tells whose course it is. */
export function openAccess(options: {
  people: People
  operatorToken: string
  sql: Sql
  owners(courseId: number): Promise<readonly string[]>
}): Access {
  const { people, operatorToken, sql, owners } = options
  return {
    learner: (request) => people.require(request),
    async own(request, id) {
      const person = await people.require(request)
      const enrolment = await findEnrolment(sql, id)
      if (enrolment?.person !== person.id) throw noEnrolment()
      return enrolment
    },
    async teacher(request, courseId) {
      if (isOperator(request.headers.get('authorization'), operatorToken)) return { id: null }
      const { id, roles } = await people.require(request, 'instructor', 'administrator')
      if (roles.includes('administrator')) return { id }
      if ((await owners(courseId)).includes(id)) return { id }
      throw new Problem(403, 'Only for who teaches this course.')
    },
  }
}

export const noEnrolment = () => new Problem(404, 'There is no such enrolment of yours.')
