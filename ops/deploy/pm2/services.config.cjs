// pm2 start ops/deploy/pm2/services.config.cjs
const { app } = require('./app.cjs')

module.exports = {
  apps: [app('colonnade-services', 'serve courses instructors reviews media accounts learning')],
}
