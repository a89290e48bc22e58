import { uuidv7 } from '@colonnade/http'
import { defaultPolicy } from '@colonnade/questions'
import { coursePlan, item } from '../fixture/plan.ts'
import { openLearning } from '../fixture/service.ts'

export const site = { COLONNADE_URL: 'https://learn.example.org', SITE_NAME: 'Hill School' }

/** The service with a course of two readings, and people who complete it. */
export async function openCertified(env: Record<string, string> = site) {
  const service = await openLearning(undefined, env)
  const lesson = (key: string, minutes: number) => ({
    ...{ key, slug: key, title: `Lesson ${key}`, minutes },
    items: [item(`reading-${key}`, null)],
  })
  service.publish(
    coursePlan(1, {
      ...{ slug: 'columns', title: 'How columns stand', organisations: ['Hill School', 'Museum'] },
      modules: [
        { key: 'm1', title: 'Stone', lessons: [lesson('l1', 40)] },
        { key: 'm2', title: 'Beams', lessons: [lesson('l2', 65)] },
      ],
      policy: defaultPolicy([]),
    }),
  )

  /** Somebody of this name completes the course. @returns their certificate's number */
  async function earn(name: string): Promise<{ id: string; person: string }> {
    const learner = await service.person()
    service.peers.names.set(learner.id, name)
    const { id } = await learner.json('POST', '/api/enrolments', { courseId: 1 })
    const entries = ['l1', 'l2'].map((key) => ({
      ...{ id: uuidv7(), type: 'done', at: Date.now(), lesson: key, data: {} },
    }))
    await learner.json('POST', `/api/enrolments/${id}/log`, { entries })
    for (let i = 0; i < 400; i++) {
      const { certificate } = await learner.json('GET', `/api/enrolments/${id}`)
      if (certificate) return { id: certificate, person: learner.id }
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
    throw new Error('no certificate came')
  }

  const page = async (id: string, lang = 'en') =>
    await service.get(`/fragments/learning/certificate?id=${id}&lang=${lang}`)
  return { ...service, earn, page }
}

export type Certified = Awaited<ReturnType<typeof openCertified>>
