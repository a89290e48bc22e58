import './banner.module.css'
import './about.module.css'
import './syllabus.module.css'
import './catalogue.module.css'
import './lesson.module.css'
import '@colonnade/questions-ui/elements/questions.module.css'
import './quiz.module.css'
import './desk.module.css'
import './lesson.css'
import './lesson-code.css'
import './film.css'
import { CourseCatalogue } from './course-catalogue.ts'
import { CoursePlace } from './course-place.ts'
import { CourseUpload } from './course-upload.ts'
import { LessonPlace } from './lesson-place.ts'
import { QuizBox } from './quiz-box.ts'
import { VideoPlayer } from './video-player.ts'

customElements.define('course-place', CoursePlace)
customElements.define('lesson-place', LessonPlace)
customElements.define('quiz-box', QuizBox)
customElements.define('video-player', VideoPlayer)
customElements.define('course-catalogue', CourseCatalogue)
customElements.define('course-upload', CourseUpload)
