// The real ilp-connector: args {token, accounts: {name: {url, scale, maxPacketAmount}}}. Each account is a child over ilp-plugin-http.
// Writes {ports: {name: port}, address} once it runs.
import ilpConnector from 'ilp-connector/dist/app.js' // its index would start a connector of its own
import { args, onLine, write } from './lines.mjs'
import { httpPlugin, portOf } from './plugin.mjs'

const plugins = Object.fromEntries(
  Object.entries(args.accounts).map(([name, { url }]) => [name, httpPlugin({ url: url ?? 'http://127.0.0.1:9/', token: args.token })]),
)

const connector = ilpConnector.default({
  env: 'test',
  ilpAddress: 'test.connector',
  backend: 'one-to-one',
  spread: 0,
  store: 'memory',
  initialConnectTimeout: 5000,
  accounts: Object.fromEntries(
    Object.entries(args.accounts).map(([name, account]) => [
      name,
      {
        relation: 'child',
        plugin: plugins[name],
        assetCode: 'XYZ',
        assetScale: account.scale,
        ilpAddressSegment: name,
        ...(account.maxPacketAmount ? { maxPacketAmount: account.maxPacketAmount } : {}),
      },
    ]),
  ),
})

onLine(() => {})
await connector.listen()
write({ ports: Object.fromEntries(Object.entries(plugins).map(([name, plugin]) => [name, portOf(plugin)])) })
