import '@colonnade/questions-ui/elements/questions.module.css'
import '../desk/desk.module.css'
import '../pages/my.module.css'
import '../certificates/certificate.module.css'
import './here.module.css'
import { AttemptForm } from './attempt-form.ts'
import { LearnerHere } from './learner-here.ts'

customElements.define('attempt-form', AttemptForm)
customElements.define('learner-here', LearnerHere)
