// pm2 start ops/deploy/pm2/proxy.config.cjs
const { app } = require('./app.cjs')

module.exports = { apps: [app('colonnade-proxy', 'serve proxy')] }
