// ilp-protocol-stream as the payer: args {url, token, http2, payments: [{address, secret, amount}]}. All payments run at once. Writes
// one line each:
// {index, sent, delivered, receipt, error}
import { createConnection } from 'ilp-protocol-stream'
import { args, fail, onLine, write } from './lines.mjs'
import { httpPlugin } from './plugin.mjs'

async function payOne({ address, secret, amount }, index) {
  try {
    const connection = await createConnection({
      plugin: httpPlugin(args),
      destinationAccount: address,
      sharedSecret: Buffer.from(secret, 'base64'),
      slippage: args.slippage ?? 0,
      getExpiry: () => new Date(Date.now() + 30000),
    })
    const stream = connection.createStream()
    let error = null
    await stream.sendTotal(amount, { timeout: 60000 }).catch(reason => (error = String(reason?.message ?? reason)))
    const outcome = {
      index,
      sent: connection.totalSent,
      delivered: connection.totalDelivered,
      receipt: stream.receipt ? stream.receipt.toString('base64') : null,
      error,
    }
    await connection.end().catch(() => connection.destroy())
    write(outcome)
  } catch (error) {
    write({ index, error: String(error?.message ?? error) })
  }
}

onLine(() => {})
await Promise.all(args.payments.map(payOne)).catch(fail)
