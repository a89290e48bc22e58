import './tokens.css'
import './base.css'
import './prose.css'
import './shell.module.css'
import './form.module.css'
import './section.module.css'
import './colonnade.module.css'
import './catalogue.module.css'
import './people.module.css'
import './reviews.module.css'
import './kit.module.css'
import './print.css'
import { AccountLinkElement } from './account-link.ts'
import { CopyCode } from './copy-code.ts'
import { applySettings, ReadingSettingsElement, readSettings } from './reading-settings.ts'

// Before anything is painted, as far as an external script may: see README.
applySettings(readSettings())

customElements.define('reading-settings', ReadingSettingsElement)
customElements.define('copy-code', CopyCode)
customElements.define('account-link', AccountLinkElement)
