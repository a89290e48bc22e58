// `colonnade` in an image: what was built is what runs, so nothing is installed or built here.
const { main } = await import('../../../dist/server/colonnade.js')
await main(process.argv.slice(2))
