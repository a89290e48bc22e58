// The origin's way to make the course page: an empty page, whose script asks each service for its data and shows it.
import { StrictMode, useEffect, useState } from 'react'
import { createRoot } from 'react-dom/client'

type Course = { title: string; subtitle: string; description: string; outcomes: string[] }
type Instructor = {
  id: number
  firstName: string
  lastName: string
  title: string | null
  organisation: string | null
  biography: string | null
  role: string
}
type Module = {
  key: string
  title: string
  summary: string
  lessons: { id: number; title: string }[]
}
type Review = { id: string; author: string; stars: number; text: string }

/** What a service answers, or undefined until then; a service that is away leaves its part empty. */
function useApi<Answer>(path: string): Answer | undefined {
  const [answer, setAnswer] = useState<Answer>()
  useEffect(() => {
    fetch(`/api/courses/${document.body.dataset.course}${path}`)
      .then((response) => (response.ok ? response.json() : undefined))
      .then(setAnswer, () => {})
  }, [path])
  return answer
}

function Page() {
  const course = useApi<Course>('')
  const instructors = useApi<Instructor[]>('/instructors')
  const syllabus = useApi<{ modules: Module[] }>('/syllabus')
  const reviews = useApi<{ items: Review[] }>('/reviews')
  const organisations = useApi<{ id: number; name: string }[]>('/organisations')
  const testimonials = useApi<{ id: string; author: string; text: string }[]>('/testimonials')
  return (
    <>
      <header>
        <h1>{course?.title ?? 'Loading …'}</h1>
        <p>{course?.subtitle}</p>
        <p>{instructors?.map((one) => `${one.firstName} ${one.lastName}`).join(', ')}</p>
      </header>
      <main>
        <h2>About</h2>
        <p>{course?.description}</p>
        <ul>
          {course?.outcomes.map((outcome) => (
            <li key={outcome}>{outcome}</li>
          ))}
        </ul>
        <h2>Syllabus</h2>
        {syllabus?.modules.map((module) => (
          <section key={module.key}>
            <h3>{module.title}</h3>
            <p>{module.summary}</p>
            <ol>
              {module.lessons.map((lesson) => (
                <li key={lesson.id}>{lesson.title}</li>
              ))}
            </ol>
          </section>
        ))}
        <h2>Instructors</h2>
        {instructors?.map((one) => (
          <section key={one.id}>
            <h3>{`${one.firstName} ${one.lastName}`}</h3>
            <p>{[one.title, one.organisation].filter(Boolean).join(', ')}</p>
            <p>{one.biography}</p>
          </section>
        ))}
        <h2>Offered by</h2>
        <ul>
          {organisations?.map((one) => (
            <li key={one.id}>{one.name}</li>
          ))}
        </ul>
        <h2>Voices</h2>
        {testimonials?.map((one) => (
          <blockquote key={one.id}>{one.text}</blockquote>
        ))}
        <h2>Reviews</h2>
        {reviews?.items.map((one) => (
          <section key={one.id}>
            <h3>{`${one.author}: ${one.stars} of 5`}</h3>
            <p>{one.text}</p>
          </section>
        ))}
      </main>
    </>
  )
}

const place = document.getElementById('page')
if (place) {
  createRoot(place).render(
    <StrictMode>
      <Page />
    </StrictMode>,
  )
}
