import './account.module.css'
