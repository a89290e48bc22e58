import type { Sql } from '@colonnade/db'
import { isOperator, isSafe, type People, type Person, Problem, type Role } from '@colonnade/http'
import { type Enrolment, findEnrolment } from './queries/enrolments.ts'
import { reading, writing } from './scopes.ts'

/** Who teaches: a person, or the operator, who has no id. */
export type Teacher = { id: string | null }

export type Access = {
  /** @throws Problem 401 for nobody */
  learner(request: Request): Promise<Person>
  /** One's own enrolment. @throws Problem 401 for nobody, 404 for another's: it is not there for them */
  own(request: Request, id: string): Promise<Enrolment>
  /** One's own enrolment, or that of somebody in a course one teaches. @throws Problem 401, 404 */
  readable(request: Request, id: string): Promise<Enrolment>
  /**
   * @param courseId undefined where what was asked for is not there, which only teachers are told
   * @throws Problem 401 for nobody, 403 for who neither owns the course nor administers the installation, 404
   */
  teacher(request: Request, courseId: number | undefined): Promise<Teacher>
  /** @throws Problem 401 for nobody, 403 for who does not administer the installation */
  administrator(request: Request): Promise<Teacher>
}

/** Who may do what here, as docs/permissions.md has it. `owners` tells whose course it is. */
export function openAccess(options: {
  people: People
  operatorToken: string
  sql: Sql
  owners(courseId: number): Promise<readonly string[]>
}): Access {
  const { people, operatorToken, sql, owners } = options
  const operates = (request: Request) =>
    isOperator(request.headers.get('authorization'), operatorToken)

  /** Who is signed in, or whose program asks with a token that may. */
  async function personOf(request: Request, ...anyOf: Role[]): Promise<Person> {
    const person = await people.may(request, isSafe(request.method) ? reading : writing)
    if (anyOf.length > 0 && !anyOf.some((role) => person.roles.includes(role))) {
      throw new Problem(403, `Only for: ${anyOf.join(', ')}.`)
    }
    return person
  }

  async function teaches({ id, roles }: Person, courseId: number): Promise<boolean> {
    if (roles.includes('administrator')) return true
    return roles.includes('instructor') && (await owners(courseId)).includes(id)
  }

  return {
    learner: (request) => personOf(request),
    async own(request, id) {
      const person = await personOf(request)
      const enrolment = await findEnrolment(sql, id)
      if (enrolment?.person !== person.id) throw noEnrolment()
      return enrolment
    },
    async readable(request, id) {
      const person = operates(request) ? undefined : await personOf(request)
      const enrolment = await findEnrolment(sql, id)
      const may =
        enrolment &&
        (!person || enrolment.person === person.id || (await teaches(person, enrolment.courseId)))
      if (!may) throw noEnrolment()
      return enrolment
    },
    async teacher(request, courseId) {
      const person = operates(request)
        ? undefined
        : await personOf(request, 'instructor', 'administrator')
      if (courseId === undefined) throw new Problem(404, 'There is no such thing: check the id.')
      if (person && !(await teaches(person, courseId)))
        throw new Problem(403, 'Only for who teaches this course.')
      return { id: person?.id ?? null }
    },
    async administrator(request) {
      return operates(request) ? { id: null } : await personOf(request, 'administrator')
    },
  }
}

export const noEnrolment = () => new Problem(404, 'There is no such enrolment of yours.')
