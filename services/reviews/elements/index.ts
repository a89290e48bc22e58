import './reviews.module.css'
import './own-review.module.css'
import { MoreReviews } from './more-reviews.ts'

customElements.define('more-reviews', MoreReviews)
