import '@colonnade/questions-ui/elements/questions.module.css'
import '../desk/desk.module.css'
import '../pages/my.module.css'
import '../certificates/certificate.module.css'
