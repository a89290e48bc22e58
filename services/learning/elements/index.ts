import '../certificates/certificate.module.css'
