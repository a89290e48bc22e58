// pm2 start ops/deploy/pm2/all.config.cjs
// Needs DATABASE_URL: while pm2 reloads there are two processes, and the embedded Postgres belongs to one.
const { app } = require('./app.cjs')

module.exports = { apps: [app('colonnade', 'start')] }
