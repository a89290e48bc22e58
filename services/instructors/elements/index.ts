import './instructors.module.css'
import './profile.module.css'
