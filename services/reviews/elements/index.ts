import './reviews.module.css'
import { MoreReviews } from './more-reviews.ts'

customElements.define('more-reviews', MoreReviews)
