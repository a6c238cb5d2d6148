// ilp-protocol-stream as the receiver: args {url, token}; url is the connector that assigns its address by IL-DCP. Writes {port} once it
// listens.
// Lines in: {make: {nonce, secret}} -> {address, secret}; {report: true} -> {total}
import { createServer } from 'ilp-protocol-stream'
import { args, onLine, write } from './lines.mjs'
import { httpPlugin, portOf } from './plugin.mjs'

const plugin = httpPlugin(args)
await plugin.connect()
write({ port: portOf(plugin) })

let total = 0n
const server = await createServer({ plugin })
server.on('connection', connection =>
  connection.on('stream', stream => {
    stream.setReceiveMax('18446744073709551615')
    stream.on('money', amount => (total += BigInt(amount)))
    stream.on('error', () => {})
  }),
)

onLine(line => {
  if (line.make) {
    const receipts = line.make.nonce
      ? { receiptNonce: Buffer.from(line.make.nonce, 'base64'), receiptSecret: Buffer.from(line.make.secret, 'base64') }
      : undefined
    const { destinationAccount, sharedSecret } = server.generateAddressAndSecret(receipts)
    write({ address: destinationAccount, secret: sharedSecret.toString('base64') })
  }
  if (line.report) write({ total })
})
write({ ready: true })
