const speeds = [0.75, 1, 1.25, 1.5, 1.75, 2]
const jumpSeconds = 10

/**
 * A film with its transcript. Without JavaScript it plays, has captions and its words can be read; here it also gets
 * speeds, keys, a place that this browser keeps, and a transcript to search and to jump from.
 */
export class VideoPlayer extends HTMLElement {
  connectedCallback(): void {
    const video = this.querySelector('video')
    if (!video || this.querySelector('.ln-film-tools')) return
    this.keepPlace(video)
    this.addEventListener('keydown', (event) => this.press(event, video))
    const tools = document.createElement('div')
    tools.className = 'ln-film-tools'
    tools.append(this.speed(video))
    const transcript = this.querySelector<HTMLDetailsElement>('.ln-transcript')
    if (transcript) this.enliven(transcript, video)
    video.after(tools)
  }

  /** Comes back to where the film was left, unless that was its end. */
  private keepPlace(video: HTMLVideoElement): void {
    const key = `colonnade-film-${video.querySelector('source')?.getAttribute('src')}`
    let kept = Number(read(key))
    const resume = () => {
      if (kept > 0 && kept < video.duration - 5) video.currentTime = kept
    }
    if (video.readyState > 0) resume()
    else video.addEventListener('loadedmetadata', resume, { once: true })
    const keep = () => {
      if (Math.abs(video.currentTime - kept) < 5 && !video.paused) return
      kept = video.currentTime
      write(key, video.ended ? '0' : kept.toFixed(1))
      const detail = { film: this.id, seconds: Math.floor(kept), ended: video.ended }
      this.dispatchEvent(new CustomEvent('film-place', { bubbles: true, detail }))
    }
    for (const name of ['timeupdate', 'pause', 'ended']) video.addEventListener(name, keep)
  }

  private speed(video: HTMLVideoElement): HTMLElement {
    const label = document.createElement('label')
    label.textContent = `${this.dataset.speed ?? ''} `
    const select = document.createElement('select')
    const format = new Intl.NumberFormat(document.documentElement.lang)
    for (const speed of speeds) {
      select.add(new Option(`${format.format(speed)}×`, String(speed), speed === 1, speed === 1))
    }
    select.addEventListener('change', () => {
      video.playbackRate = Number(select.value)
    })
    video.addEventListener('ratechange', () => {
      select.value = String(video.playbackRate)
    })
    label.append(select)
    return label
  }

  /** The keys that players have in common; those that the film's own controls hear are left to them. */
  private press(event: KeyboardEvent, video: HTMLVideoElement): void {
    const { target, key } = event
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement) return
    const act = {
      k: () => (video.paused ? video.play().catch(() => {}) : video.pause()),
      j: () => jump(video, -jumpSeconds),
      l: () => jump(video, jumpSeconds),
      m: () => {
        video.muted = !video.muted
      },
      c: () => {
        const track = video.textTracks[0]
        if (track) track.mode = track.mode === 'showing' ? 'hidden' : 'showing'
      },
      '<': () => changeSpeed(video, -1),
      '>': () => changeSpeed(video, 1),
    }[key]
    if (!act) return
    event.preventDefault()
    act()
  }

  private enliven(transcript: HTMLDetailsElement, video: HTMLVideoElement): void {
    const lines = [...transcript.querySelectorAll('li')]
    for (const line of lines) {
      const time = line.querySelector('time')
      if (!time) continue
      const button = document.createElement('button')
      button.type = 'button'
      button.textContent = time.textContent
      button.setAttribute('aria-label', `${this.dataset.jump ?? ''} ${time.textContent}`.trim())
      button.addEventListener('click', () => {
        video.currentTime = Number(line.dataset.from)
        video.play().catch(() => {})
      })
      time.replaceWith(button)
    }
    video.addEventListener('timeupdate', () => {
      const now = video.currentTime
      for (const line of lines) {
        const said = Number(line.dataset.from) <= now && now < Number(line.dataset.to)
        if (said) line.setAttribute('aria-current', 'true')
        else line.removeAttribute('aria-current')
      }
    })
    transcript.querySelector('ol')?.before(this.search(lines))
  }

  private search(lines: readonly HTMLLIElement[]): HTMLElement {
    const label = document.createElement('label')
    label.textContent = `${this.dataset.search ?? ''} `
    const input = document.createElement('input')
    input.type = 'search'
    const found = document.createElement('output')
    input.addEventListener('input', () => {
      const words = fold(input.value)
      for (const line of lines) line.hidden = !fold(line.textContent).includes(words)
      const count = lines.filter((line) => !line.hidden).length
      found.textContent = words === '' ? '' : `${count} / ${lines.length}`
    })
    label.append(input, found)
    return label
  }
}

function jump(video: HTMLVideoElement, seconds: number): void {
  video.currentTime = Math.max(0, Math.min(video.duration || 0, video.currentTime + seconds))
}

function changeSpeed(video: HTMLVideoElement, step: 1 | -1): void {
  const at = speeds.indexOf(video.playbackRate)
  const next = speeds[(at < 0 ? speeds.indexOf(1) : at) + step]
  if (next !== undefined) video.playbackRate = next
}

/** In small letters and without accents. */
const fold = (text: string) => text.trim().normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

function read(key: string): string {
  try {
    return localStorage.getItem(key) ?? ''
  } catch {
    return ''
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    // Storage is closed or full: the place is not remembered, nothing else is lost.
  }
}
