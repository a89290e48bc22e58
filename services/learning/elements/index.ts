import '@colonnade/questions-ui/elements/questions.module.css'
import '../pages/my.module.css'
