// Loads the page again when what it shows has changed. The page knows its number from this script's own address.
const mine = new URL(import.meta.url).searchParams.get('page')
const events = new EventSource('/preview/events')
events.addEventListener('page', ({ data }) => {
  if (data !== mine) {
    events.close()
    location.reload()
  }
})
